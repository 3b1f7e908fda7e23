#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs the program from this folder, without the internet:  sh install.sh [FOLDER]
# It needs Python 3.13 with pip. An older copy in FOLDER is kept as FOLDER.before. Her store lies
# elsewhere and is not touched; where it lies beside the program, it comes along.
set -eu

into=${1:-"$HOME/Notebook"}
python=${PYTHON:-python3.13}
case $into in /*) ;; *) into=$PWD/$into ;; esac
into=${into%/}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

say() { printf '%s\n' "$1" >&2; }

if ! "$python" -P -E -s -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null; then
    say "Python 3.13 is needed: install it first, or name it, as in PYTHON=/path/to/python3.13"
    exit 1
fi
if ! "$python" -P -E -s -m pip --version >/dev/null 2>&1; then
    say "This Python has no pip: install it first (on Debian the package python3-pip)."
    exit 1
fi

cd "$here"
if command -v sha256sum >/dev/null; then
    sum="sha256sum"
else
    sum="shasum -a 256"
fi
# shellcheck disable=SC2086  # two words are meant
if ! $sum --check SHA256SUMS >/dev/null 2>&1; then
    say "A file of this kit is damaged or changed. Nothing was installed. Copy the kit again."
    exit 1
fi

if [ -e "$into" ] && [ ! -e "$into/notebook" ] && [ -n "$(ls -A "$into")" ]; then
    say "$into holds other files. Nothing was installed. Name another folder."
    exit 1
fi
# An install that was cut short may have left it there, and the older copy is removed below.
if [ -e "$into.before/data" ]; then
    say "$into.before/data holds a store. Nothing was installed. Move it into $into, or away, first."
    exit 1
fi

new=$into.new
rm -rf "$new"
mkdir -p "$new"
cp -R program/. "$new"
"$python" -P -E -s -m pip install --isolated --quiet --disable-pip-version-check --root-user-action ignore \
    --no-index --find-links wheels --only-binary :all: --no-deps --require-hashes \
    --target "$new/parts" -r requirements.txt

# PySide's own switch unpacks what it would compile anew at each start. It starts without that, too.
SBK_EMBED=0 "$python" -P -E -s -c '
import sys; sys.path.insert(0, sys.argv[1])
import compileall, shiboken6, PySide6.QtCore
raise SystemExit(not compileall.compile_dir(shiboken6.__path__[0] + "/files.dir", quiet=1))
' "$new/parts" >/dev/null 2>&1 || rm -rf "$new/parts/shiboken6/files.dir"

# The script finds its parts beside itself, so that the folder can be moved. Python looks for modules
# there and nowhere else: not in the current folder, and not where the user's settings point.
{
    printf "#!/bin/sh\npython='%s'\n" "$(command -v "$python")"
    cat <<'EOT'
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
exec "${PYTHON:-$python}" -P -E -s "$here/src/kfdesk/__main__.py" "$@"
EOT
} > "$new/notebook"
chmod 755 "$new/notebook"

if [ -e "$into" ]; then
    rm -rf "$into.before"
    mv "$into" "$into.before"
fi
mv "$new" "$into"
for hers in portable.flag data; do
    if [ -e "$into.before/$hers" ]; then mv "$into.before/$hers" "$into/$hers"; fi
done
say "Installed. Start it with $into/notebook"
