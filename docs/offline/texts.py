"""What lies beside the wheels: two installers in ASCII, which every code page reads alike, and a page in two languages."""

__all__ = ["install_cmd", "install_ps1", "read_me"]


def install_cmd(python: str, asked: str) -> str:
    """For the command prompt, or a double click."""
    return f"""@echo off
rem Installs waterflow from this folder, without a network.
rem Usage: install.cmd [folder to install into]
setlocal DisableDelayedExpansion
set "HERE=%~dp0"
set "TARGET=%~1"
if "%TARGET%"=="" set "TARGET=%LOCALAPPDATA%\\waterflow"
set "PYTHON=py -{python}"
%PYTHON% --version >nul 2>&1
if errorlevel 1 set "PYTHON=python"
%PYTHON% -c "import sys; sys.exit(sys.version_info[:2] != ({python.replace(".", ", ")}) or sys.maxsize < 2**32)" >nul 2>&1
if errorlevel 1 (
  echo Python {python}, 64 bit, was not found. Install it first; see README.txt.
  exit /b 1
)
%PYTHON% -m venv "%TARGET%"
if errorlevel 1 exit /b 1
"%TARGET%\\Scripts\\python.exe" -m pip install --no-index --find-links "%HERE%wheels" "{asked}"
if errorlevel 1 exit /b 1
"%TARGET%\\Scripts\\waterflow.exe" allocate two_reservoirs >nul
if errorlevel 1 exit /b 1
echo Installed. Try:
echo "%TARGET%\\Scripts\\waterflow.exe" allocate syr_darya
"""


def install_ps1(python: str, asked: str) -> str:
    """For PowerShell 5.1 and newer."""
    return f"""# Installs waterflow from this folder, without a network.
# Usage: powershell -ExecutionPolicy Bypass -File install.ps1 [-Target FOLDER]
param([string]$Target = (Join-Path $env:LOCALAPPDATA 'waterflow'))
$ErrorActionPreference = 'Stop'
$test = 'import sys; sys.exit(sys.version_info[:2] != ({python.replace(".", ", ")}) or sys.maxsize < 2**32)'
$python = $null
foreach ($try in @(@('py', '-{python}'), @('python'))) {{
  if (-not (Get-Command $try[0] -ErrorAction SilentlyContinue)) {{ continue }}
  $rest = @($try | Select-Object -Skip 1)
  & $try[0] @rest -c $test 2>$null
  if ($LASTEXITCODE -eq 0) {{ $python = $try; break }}
}}
if (-not $python) {{
  Write-Host 'Python {python}, 64 bit, was not found. Install it first; see README.txt.'
  exit 1
}}
$rest = @($python | Select-Object -Skip 1)
& $python[0] @rest -m venv "$Target"
if ($LASTEXITCODE -ne 0) {{ exit 1 }}
$own = Join-Path $Target 'Scripts\\python.exe'
$waterflow = Join-Path $Target 'Scripts\\waterflow.exe'
& $own -m pip install --no-index --find-links (Join-Path $PSScriptRoot 'wheels') '{asked}'
if ($LASTEXITCODE -ne 0) {{ exit 1 }}
& $waterflow allocate two_reservoirs | Out-Null
if ($LASTEXITCODE -ne 0) {{ exit 1 }}
Write-Host "Installed. Try:"
Write-Host "& '$waterflow' allocate syr_darya"
"""


def read_me(python: str, version: str) -> str:
    """The page beside the installers, English and Russian."""
    return f"""waterflow {version} for Windows without a network
===============================================

You need Windows 10 or 11, 64 bit, and Python {python}, 64 bit (python.org), which is not in this folder.

1. Double-click install.cmd, or in PowerShell:
   powershell -ExecutionPolicy Bypass -File install.ps1
   It installs into %LOCALAPPDATA%\\waterflow; another folder may be named after it.
2. In PowerShell:
   & "$env:LOCALAPPDATA\\waterflow\\Scripts\\waterflow.exe" allocate syr_darya
   & "$env:LOCALAPPDATA\\waterflow\\Scripts\\waterflow.exe" serve syr_darya

To remove it, delete the folder it was installed into. Nothing else is changed.
These scripts were written and checked on Linux; they have not been run on Windows by their makers yet. Tell us what you see.


waterflow {version} для Windows без сети
======================================

Нужны Windows 10 или 11 (64 бита) и Python {python} (64 бита, python.org); самого Python в этой папке нет.

1. Дважды щёлкните install.cmd или выполните в PowerShell:
   powershell -ExecutionPolicy Bypass -File install.ps1
   Программа ставится в %LOCALAPPDATA%\\waterflow; после имени скрипта можно указать другую папку.
2. В PowerShell:
   & "$env:LOCALAPPDATA\\waterflow\\Scripts\\waterflow.exe" allocate syr_darya --lang ru
   & "$env:LOCALAPPDATA\\waterflow\\Scripts\\waterflow.exe" serve syr_darya

Чтобы удалить программу, удалите папку, в которую она поставлена. Больше ничего не меняется.
Скрипты написаны и проверены в Linux; в самой Windows авторы их ещё не запускали. Сообщите, что получилось.
"""
