; SPDX-License-Identifier: GPL-3.0-or-later
; One setup file for Windows of the folder that PyInstaller has built; `build_package.py` calls it:
;   makensis -DFOLDER=… -DSETUP=… -DICON=… -DRELEASE=… notebook.nsi
; It installs for one user, without administrator's rights, asks no network and names nothing but a
; notebook. The older copy is kept as ….before. Her store lies elsewhere and is not touched; where it
; lies beside the program, it comes along.

Target amd64-unicode
Unicode true
ManifestDPIAware true
SetCompressor /SOLID lzma
SetDateSave off ; the same folder gives the same file
RequestExecutionLevel user
!include MUI2.nsh

!define ENTRY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Notebook"
!define PROGRAM "notebook.exe"

Name "Notebook"
OutFile "${SETUP}"
InstallDir "$LOCALAPPDATA\Programs\Notebook"
InstallDirRegKey HKCU "${ENTRY}" "InstallLocation"
BrandingText " "
ShowInstDetails nevershow
ShowUninstDetails nevershow

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "Swedish"
!insertmacro MUI_LANGUAGE "Russian"

LangString OTHER ${LANG_ENGLISH} "$INSTDIR holds other files. Nothing was installed. Choose another folder."
LangString OTHER ${LANG_SWEDISH} "$INSTDIR innehåller andra filer. Ingenting installerades. Välj en annan mapp."
LangString OTHER ${LANG_RUSSIAN} "В папке $INSTDIR лежат другие файлы. Ничего не установлено. Выберите другую папку."
LangString LEFT ${LANG_ENGLISH} "$INSTDIR.before\data holds a store. Nothing was installed. Move it into $INSTDIR, or away, first."
LangString LEFT ${LANG_SWEDISH} "I $INSTDIR.before\data finns en databas. Ingenting installerades. Flytta den först till $INSTDIR eller någon annanstans."
LangString LEFT ${LANG_RUSSIAN} "В папке $INSTDIR.before\data лежит база данных. Ничего не установлено. Сначала перенесите её в $INSTDIR или в другое место."
LangString OPEN ${LANG_ENGLISH} "The program is open. Nothing was changed. Close it and begin again."
LangString OPEN ${LANG_SWEDISH} "Programmet är öppet. Ingenting ändrades. Stäng det och börja om."
LangString OPEN ${LANG_RUSSIAN} "Программа открыта. Ничего не изменено. Закройте её и начните снова."
LangString KEPT ${LANG_ENGLISH} "$INSTDIR\data holds a store, which stays. Erase it yourself if it is not needed any more."
LangString KEPT ${LANG_SWEDISH} "I $INSTDIR\data finns en databas, som blir kvar. Radera den själv om den inte behövs längre."
LangString KEPT ${LANG_RUSSIAN} "В папке $INSTDIR\data лежит база данных, она остаётся. Удалите её сами, если она больше не нужна."

!macro Stop SENTENCE
    MessageBox MB_OK|MB_ICONSTOP "${SENTENCE}" /SD IDOK
    SetErrorLevel 2
    Quit
!macroend

; What is hers goes over to the new copy.
!macro BringAlong NAME
    IfFileExists "$INSTDIR.before\${NAME}" 0 +2
        Rename "$INSTDIR.before\${NAME}" "$INSTDIR\${NAME}"
!macroend

Section
    IfFileExists "$INSTDIR\*.*" 0 free
    IfFileExists "$INSTDIR\${PROGRAM}" free
    ; An empty folder can be taken away; one that holds something cannot.
    RMDir "$INSTDIR"
    IfFileExists "$INSTDIR\*.*" 0 free
        !insertmacro Stop "$(OTHER)"
free:
    ; An install that was cut short may have left it there, and the older copy is removed below.
    IfFileExists "$INSTDIR.before\data\*.*" 0 clear
        !insertmacro Stop "$(LEFT)"
clear:
    RMDir /r "$INSTDIR.new"
    SetOutPath "$INSTDIR.new"
    File /r "${FOLDER}${SLASH}*"
    WriteUninstaller "$INSTDIR.new\uninstall.exe"
    SetOutPath "$TEMP" ; a folder that is worked in cannot be renamed

    IfFileExists "$INSTDIR\*.*" 0 fresh
    RMDir /r "$INSTDIR.before"
    ClearErrors
    Rename "$INSTDIR" "$INSTDIR.before"
    IfErrors 0 fresh
        RMDir /r "$INSTDIR.new"
        !insertmacro Stop "$(OPEN)"
fresh:
    Rename "$INSTDIR.new" "$INSTDIR"
    !insertmacro BringAlong "portable.flag"
    !insertmacro BringAlong "data"

    CreateShortcut "$SMPROGRAMS\Notebook.lnk" "$INSTDIR\${PROGRAM}"
    WriteRegStr HKCU "${ENTRY}" "DisplayName" "Notebook"
    WriteRegStr HKCU "${ENTRY}" "DisplayVersion" "${RELEASE}"
    WriteRegStr HKCU "${ENTRY}" "InstallLocation" "$INSTDIR"
    WriteRegStr HKCU "${ENTRY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
    WriteRegDWORD HKCU "${ENTRY}" "NoModify" 1
    WriteRegDWORD HKCU "${ENTRY}" "NoRepair" 1
SectionEnd

; Only what was installed is removed, so that a store beside the program stays.
Section "Uninstall"
    RMDir /r "$INSTDIR\_internal"
    Delete "$INSTDIR\${PROGRAM}"
    Delete "$INSTDIR\notebook-console.exe"
    Delete "$INSTDIR\uninstall.exe"
    Delete "$SMPROGRAMS\Notebook.lnk"
    DeleteRegKey HKCU "${ENTRY}"
    RMDir "$INSTDIR"
    IfFileExists "$INSTDIR\data\*.*" 0 +2
        MessageBox MB_OK|MB_ICONINFORMATION "$(KEPT)" /SD IDOK
SectionEnd
