; The installer and the uninstaller, for one user and without administrator's rights.
;
; Knows the pages, the registry and the shortcuts. What is laid down and taken away again, file by file, is written
; by build_windows.py into INSTALL and REMOVE; nothing is ever removed by folder, for the user may have chosen one
; with files of their own. Exit codes: 0 done, 1 cancelled, 2 failed, 3 the program is running, 4 unfit Windows.

Unicode true
!ifdef TARGET
  Target ${TARGET}
!endif
ManifestDPIAware true
RequestExecutionLevel user

!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include WinVer.nsh
!include x64.nsh

!define KEY "gxeditor"
!define REPORT "gxeditor.report"
!define ROLLUP "gxeditor.rollup"
!define LEDGER "gxeditor.ledger"
!define UNINSTALLER "gxeditor-uninstall.exe"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${KEY}"
!define RUNNING "${NAME}正在运行。$\n年报文件没有受到影响。$\n请保存年报并关闭程序，再点“重试”。"

!ifdef SIGN
  !finalize '${SIGN} "%1"' = 0
  !uninstfinalize '${SIGN} "%1"' = 0
!endif

Name "${NAME}"
OutFile "${OUTPUT}"
BrandingText "${NAME} ${VERSION}"
InstallDir "$LOCALAPPDATA\Programs\${KEY}"
InstallDirRegKey HKCU "Software\${KEY}" "InstallDir"
AllowSkipFiles off
!ifdef FAST
  SetCompressor zlib
!else
  SetCompressor /SOLID lzma
  SetCompressorDictSize 64
!endif

VIProductVersion "${NUMBERS}"
VIFileVersion "${NUMBERS}"
VIAddVersionKey /LANG=2052 "ProductName" "${NAME}"
VIAddVersionKey /LANG=2052 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "FileDescription" "${NAME} 安装程序"
VIAddVersionKey /LANG=2052 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "CompanyName" "${PUBLISHER}"
VIAddVersionKey /LANG=2052 "LegalCopyright" "MIT 许可"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${PICTURE}"
!define MUI_UNWELCOMEFINISHPAGE_BITMAP "${PICTURE}"
!define MUI_ABORTWARNING
!define MUI_WELCOMEPAGE_TEXT "安装程序将在这台电脑上安装${NAME} ${VERSION}。$\n$\n只为当前用户安装，不需要管理员权限，也不需要联网。已有的年报和设置会保留。$\n$\n点“下一步”继续。"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_DIRECTORY
!define MUI_COMPONENTSPAGE_NODESC
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN "$INSTDIR\gxeditor.exe"
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_COMPONENTS
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"

; A running program holds its files: they cannot be opened for writing. Asks until they can; leaves with 3.
!macro REFUSE_WHILE_RUNNING PREFIX
Function ${PREFIX}RefuseWhileRunning
  StrCpy $R1 0
  again:
  StrCpy $R0 ""
  !insertmacro TRY "gxeditor.exe"
  !insertmacro TRY "gxeditor-cli.exe"
  !insertmacro TRY "program\python311.dll"
  ${If} $R0 == ""
    Return
  ${EndIf}
  ; What scans new files, or a program just closed, lets go after a moment.
  IntOp $R1 $R1 + 1
  ${If} $R1 < 4
    Sleep 500
    Goto again
  ${EndIf}
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "${RUNNING}" /SD IDCANCEL IDRETRY again
  SetErrorLevel 3
  Quit
FunctionEnd
!macroend

!macro TRY FILE
  ${If} ${FileExists} "$INSTDIR\${FILE}"
    ClearErrors
    FileOpen $R2 "$INSTDIR\${FILE}" a
    ${If} ${Errors}
      StrCpy $R0 "${FILE}"
    ${Else}
      FileClose $R2
    ${EndIf}
  ${EndIf}
!macroend

!insertmacro REFUSE_WHILE_RUNNING ""
!insertmacro REFUSE_WHILE_RUNNING "un."

; Files of ours are opened with the program, and shown with the icon of its documents.
!macro OWN ENDING KIND WHAT
  WriteRegStr HKCU "Software\Classes\${ENDING}" "" "${KIND}"
  WriteRegStr HKCU "Software\Classes\${ENDING}\OpenWithProgids" "${KIND}" ""
  WriteRegStr HKCU "Software\Classes\${KIND}" "" "${WHAT}"
  WriteRegStr HKCU "Software\Classes\${KIND}\DefaultIcon" "" "$INSTDIR\gxeditor.exe,-2"
  WriteRegStr HKCU "Software\Classes\${KIND}\shell\open\command" "" '"$INSTDIR\gxeditor.exe" "%1"'
!macroend

!macro DISOWN ENDING KIND
  ReadRegStr $0 HKCU "Software\Classes\${ENDING}" ""
  ${If} $0 == "${KIND}"
    DeleteRegValue HKCU "Software\Classes\${ENDING}" ""
  ${EndIf}
  DeleteRegValue HKCU "Software\Classes\${ENDING}\OpenWithProgids" "${KIND}"
  DeleteRegKey /ifempty HKCU "Software\Classes\${ENDING}\OpenWithProgids"
  DeleteRegKey /ifempty HKCU "Software\Classes\${ENDING}"
  DeleteRegKey HKCU "Software\Classes\${KIND}"
!macroend

Section "程序" SectionProgram
  SectionIn RO
  Call RefuseWhileRunning
  ; The program that is being replaced takes its own files away: it alone knows which they are.
  ${If} ${FileExists} "$INSTDIR\${UNINSTALLER}"
    ExecWait '"$INSTDIR\${UNINSTALLER}" /S /UPGRADE _?=$INSTDIR' $0
    ${If} $0 == 3
      SetErrorLevel 3
      Quit
    ${EndIf}
  ${EndIf}
  !include "${INSTALL}"
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\${UNINSTALLER}"

  WriteRegStr HKCU "Software\${KEY}" "InstallDir" "$INSTDIR"
  !insertmacro OWN ".gxr" "${REPORT}" "政府信息公开年报"
  !insertmacro OWN ".gxh" "${ROLLUP}" "政府信息公开年报汇总"
  !insertmacro OWN ".gxl" "${LEDGER}" "政府信息公开申请台账"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\gxeditor.exe"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "${PUBLISHER}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\${UNINSTALLER}"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\${UNINSTALLER}" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "EstimatedSize" ${KILOBYTES}
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
  ; Shortcuts and the program started at the end begin where documents are; they would hold the program's folder.
  SetOutPath "$DOCUMENTS"
SectionEnd

Section "开始菜单快捷方式" SectionMenu
  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\gxeditor.exe"
SectionEnd

Section "桌面快捷方式" SectionDesktop
  CreateShortcut "$DESKTOP\${NAME}.lnk" "$INSTDIR\gxeditor.exe"
SectionEnd

Function .onInit
  ${IfNot} ${RunningX64}
  ${OrIfNot} ${AtLeastBuild} 17763
    MessageBox MB_ICONSTOP "${NAME}需要 64 位 Windows 10（1809 或更新版本）或 Windows 11。$\n没有安装，电脑上的文件没有改动。" /SD IDOK
    SetErrorLevel 4
    Quit
  ${EndIf}
  ; An upgrade brings back no shortcut that was taken away.
  ReadRegStr $0 HKCU "Software\${KEY}" "InstallDir"
  ${If} $0 != ""
    ${IfNot} ${FileExists} "$DESKTOP\${NAME}.lnk"
      SectionSetFlags ${SectionDesktop} 0
    ${EndIf}
    ${IfNot} ${FileExists} "$SMPROGRAMS\${NAME}.lnk"
      SectionSetFlags ${SectionMenu} 0
    ${EndIf}
  ${EndIf}
FunctionEnd

Section "un.程序" UnsectionProgram
  SectionIn RO
  Call un.RefuseWhileRunning
  SetOutPath "$TEMP"
  !include "${REMOVE}"
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/UPGRADE" $1
  ${IfNot} ${Errors}
    Return
  ${EndIf}
  Delete "$INSTDIR\${UNINSTALLER}"
  RMDir "$INSTDIR"
  Delete "$DESKTOP\${NAME}.lnk"
  Delete "$SMPROGRAMS\${NAME}.lnk"
  !insertmacro DISOWN ".gxr" "${REPORT}"
  !insertmacro DISOWN ".gxh" "${ROLLUP}"
  !insertmacro DISOWN ".gxl" "${LEDGER}"
  DeleteRegKey HKCU "${UNINSTALL_KEY}"
  DeleteRegKey HKCU "Software\${KEY}"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd

; The program's own folder, which holds settings, records of editing and logs. Reports lie elsewhere.
Section /o "un.个人设置和编辑记录（年报文件保留）" UnsectionData
  RMDir /r "$LOCALAPPDATA\${KEY}"
SectionEnd
