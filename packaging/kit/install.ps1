# SPDX-License-Identifier: GPL-3.0-or-later
# Installs the program from this folder, without the internet. In PowerShell, in this folder:
#   powershell -ExecutionPolicy Bypass -File install.ps1 [-Into FOLDER]
# It needs Python 3.13 from python.org. An older copy in FOLDER is kept as FOLDER.before; her store
# lies elsewhere and is not touched.
param([string]$Into = (Join-Path $env:LOCALAPPDATA 'Programs\Notebook'))

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$here = $PSScriptRoot

function Stop-Install([string]$Sentence) {
    Write-Host $Sentence
    exit 1
}

if (-not (Get-Command py -ErrorAction SilentlyContinue)) {
    Stop-Install 'Python 3.13 is needed: install it first, for all that it offers by itself.'
}
$python = & py -3.13 -c 'import sys; print(sys.executable)'
if ($LASTEXITCODE -ne 0) { Stop-Install 'Python 3.13 is needed: install it first.' }

foreach ($line in Get-Content -Encoding UTF8 -LiteralPath (Join-Path $here 'SHA256SUMS')) {
    $sum, $name = $line -split '  ', 2
    $path = Join-Path $here $name
    if (-not (Test-Path -LiteralPath $path) -or
        (Get-FileHash -Algorithm SHA256 -LiteralPath $path).Hash -ne $sum) {
        Stop-Install "$name is damaged or changed. Nothing was installed. Copy the kit again."
    }
}

$new = "$Into.new"
if (Test-Path -LiteralPath $new) { Remove-Item -Recurse -Force -LiteralPath $new }
New-Item -ItemType Directory -Force -Path (Split-Path -Parent $new) | Out-Null
Copy-Item -Recurse -LiteralPath (Join-Path $here 'program') -Destination $new
& $python -m pip install --quiet --disable-pip-version-check --no-index `
    --find-links (Join-Path $here 'wheels') --only-binary :all: --no-deps --require-hashes `
    --target (Join-Path $new 'parts') -r (Join-Path $here 'requirements.txt')
if ($LASTEXITCODE -ne 0) { Stop-Install 'The parts could not be installed. Nothing was changed.' }

$start = @(
    '@echo off',
    'set "PYTHONPATH=%~dp0src;%~dp0parts"',
    "start `"`" `"$($python -replace 'python\.exe$', 'pythonw.exe')`" -s -m kfdesk %*"
)
Set-Content -Encoding Default -LiteralPath (Join-Path $new 'Notebook.cmd') -Value $start

if (Test-Path -LiteralPath $Into) {
    if (Test-Path -LiteralPath "$Into.before") {
        Remove-Item -Recurse -Force -LiteralPath "$Into.before"
    }
    Move-Item -LiteralPath $Into -Destination "$Into.before"
}
Move-Item -LiteralPath $new -Destination $Into

$menu = Join-Path ([Environment]::GetFolderPath('Programs')) 'Notebook.lnk'
$link = (New-Object -ComObject WScript.Shell).CreateShortcut($menu)
$link.TargetPath = Join-Path $Into 'Notebook.cmd'
$link.WindowStyle = 7
$link.Save()
Write-Host 'Installed. Start it from the Start menu: Notebook'
