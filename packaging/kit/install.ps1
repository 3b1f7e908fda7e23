# SPDX-License-Identifier: GPL-3.0-or-later
# Installs the program from this folder, without the internet. In PowerShell, in this folder:
#   powershell -ExecutionPolicy Bypass -File install.ps1 [-Into FOLDER]
# It needs Python 3.13 from python.org. An older copy in FOLDER is kept as FOLDER.before. Her store
# lies elsewhere and is not touched; where it lies beside the program, it comes along.
param([string]$Into = (Join-Path $env:LOCALAPPDATA 'Programs\Notebook'))

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$here = $PSScriptRoot
$Into = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Into).TrimEnd('\')

function Stop-Install([string]$Sentence) {
    Write-Host $Sentence
    exit 1
}

if (-not (Get-Command py -ErrorAction SilentlyContinue)) {
    Stop-Install 'Python 3.13 is needed: install it first, for all that it offers by itself.'
}
$python = & py -3.13 -P -E -s -c 'import sys; print(sys.executable)'
if ($LASTEXITCODE -ne 0) { Stop-Install 'Python 3.13 is needed: install it first.' }

foreach ($line in Get-Content -Encoding UTF8 -LiteralPath (Join-Path $here 'SHA256SUMS')) {
    $sum, $name = $line -split '  ', 2
    $path = Join-Path $here $name
    if (-not (Test-Path -LiteralPath $path) -or
        (Get-FileHash -Algorithm SHA256 -LiteralPath $path).Hash -ne $sum) {
        Stop-Install "$name is damaged or changed. Nothing was installed. Copy the kit again."
    }
}

if ((Test-Path -LiteralPath $Into) -and (Get-ChildItem -Force -LiteralPath $Into) -and
    -not (Test-Path -LiteralPath (Join-Path $Into 'Notebook.cmd'))) {
    Stop-Install "$Into holds other files. Nothing was installed. Name another folder."
}
# An install that was cut short may have left it there, and the older copy is removed below.
$left = Join-Path "$Into.before" 'data'
if (Test-Path -LiteralPath $left) {
    Stop-Install "$left holds a store. Nothing was installed. Move it into $Into, or away, first."
}

$new = "$Into.new"
if (Test-Path -LiteralPath $new) { Remove-Item -Recurse -Force -LiteralPath $new }
New-Item -ItemType Directory -Force -Path (Split-Path -Parent $new) | Out-Null
Copy-Item -Recurse -LiteralPath (Join-Path $here 'program') -Destination $new
& $python -P -E -s -m pip install --isolated --quiet --disable-pip-version-check --no-index `
    --find-links (Join-Path $here 'wheels') --only-binary :all: --no-deps --require-hashes `
    --target (Join-Path $new 'parts') -r (Join-Path $here 'requirements.txt')
if ($LASTEXITCODE -ne 0) { Stop-Install 'The parts could not be installed. Nothing was changed.' }

# PySide's own switch unpacks what it would compile anew at each start. It starts without that, too.
$unpack = 'import sys; sys.path.insert(0, sys.argv[1]); import compileall, shiboken6, PySide6.QtCore; ' +
    'sys.exit(not compileall.compile_dir(shiboken6.__path__[0] + ''/files.dir'', quiet=1))'
$parts = Join-Path $new 'parts'
$env:SBK_EMBED = '0'
$said = Join-Path $new 'unpacking.txt'
$unpacking = Start-Process -FilePath $python -NoNewWindow -Wait -PassThru -RedirectStandardError $said `
    -ArgumentList '-P', '-E', '-s', '-c', "`"$unpack`"", "`"$parts`""
Remove-Item Env:SBK_EMBED
Remove-Item -LiteralPath $said
if ($unpacking.ExitCode -ne 0) {
    $half = Join-Path $parts 'shiboken6\files.dir'
    if (Test-Path -LiteralPath $half) { Remove-Item -Recurse -Force -LiteralPath $half }
}

# The entry names no path, so that the folder can be moved and no letter of a path is lost; `pyw` is
# the launcher that came with Python, and opens no console. Neither it nor a module is looked for in
# the current folder.
$start = @(
    '@echo off',
    'set "NoDefaultCurrentDirectoryInExePath=1"',
    'start "" pyw -3.13 -P -E -s "%~dp0src\kfdesk\__main__.py" %*'
)
Set-Content -Encoding Ascii -LiteralPath (Join-Path $new 'Notebook.cmd') -Value $start

if (Test-Path -LiteralPath $Into) {
    if (Test-Path -LiteralPath "$Into.before") {
        Remove-Item -Recurse -Force -LiteralPath "$Into.before"
    }
    Move-Item -LiteralPath $Into -Destination "$Into.before"
}
Move-Item -LiteralPath $new -Destination $Into
foreach ($name in 'portable.flag', 'data') {
    $hers = Join-Path "$Into.before" $name
    if (Test-Path -LiteralPath $hers) { Move-Item -LiteralPath $hers -Destination $Into }
}

$menu = Join-Path ([Environment]::GetFolderPath('Programs')) 'Notebook.lnk'
$link = (New-Object -ComObject WScript.Shell).CreateShortcut($menu)
$link.TargetPath = Join-Path $Into 'Notebook.cmd'
$link.WindowStyle = 7
$link.Save()
Write-Host 'Installed. Start it from the Start menu: Notebook'
