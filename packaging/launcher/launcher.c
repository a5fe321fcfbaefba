/* gxeditor.exe and, with -DCONSOLE, gxeditor-cli.exe: start the Python in the folder "program" beside them.
 *
 * A DLL is looked for in the program's own folders and in Windows, never in the current folder or on PATH. Where a
 * file portable.txt lies beside the program, its settings go into the folder of that name instead of the user's.
 * With -DPYTHON it is an ordinary python.exe for tests, which is not shipped.
 */
#define _WIN32_WINNT 0x0A00
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#define LONGEST 32768 /* characters in a long path */
#define PLATFORM_PLUGIN L"program\\PySide6\\plugins\\platforms\\qwindows.dll"
#define PORTABLE_FOLDER L"用户数据"

typedef int (*python_main)(int, wchar_t **);

#ifndef PYTHON
static const wchar_t START[] = L"import sys; from gxeditor.__main__ import main; sys.exit(main())";
#endif
static const wchar_t DAMAGED[] = L"程序文件不完整（%ls，错误 %lu）。\n年报文件没有受到影响。\n请重新安装程序。\n";

static void complain(const wchar_t *file, DWORD error)
{
    wchar_t text[LONGEST];
    _snwprintf(text, LONGEST, DAMAGED, file, error);
    text[LONGEST - 1] = 0;
#if defined(CONSOLE) || defined(PYTHON)
    HANDLE out = GetStdHandle(STD_ERROR_HANDLE);
    DWORD done;
    char narrow[LONGEST];
    if (!WriteConsoleW(out, text, (DWORD)wcslen(text), &done, NULL)) {
        int size = WideCharToMultiByte(CP_ACP, 0, text, -1, narrow, LONGEST, NULL, NULL);
        if (size > 1)
            WriteFile(out, narrow, (DWORD)(size - 1), &done, NULL);
    }
#else
    MessageBoxW(NULL, text, L"政府信息公开年报编辑器", MB_ICONERROR);
#endif
}

/* folder\name, written into path. */
static wchar_t *beside(wchar_t *path, const wchar_t *folder, const wchar_t *name)
{
    _snwprintf(path, LONGEST, L"%ls\\%ls", folder, name);
    path[LONGEST - 1] = 0;
    return path;
}

static int run(int argc, wchar_t **argv)
{
    static wchar_t self[LONGEST], folder[LONGEST], path[LONGEST];
    DWORD length = GetModuleFileNameW(NULL, self, LONGEST);
    wchar_t *end;
    HMODULE library;
    python_main start;

    if (length == 0 || length == LONGEST) {
        complain(L"gxeditor.exe", GetLastError());
        return 101;
    }
    wcscpy(folder, self);
    end = wcsrchr(folder, L'\\');
    if (end)
        *end = 0;

    SetDllDirectoryW(L"");
    SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_DEFAULT_DIRS);

    if (GetFileAttributesW(beside(path, folder, L"portable.txt")) != INVALID_FILE_ATTRIBUTES
        && GetEnvironmentVariableW(L"GXEDITOR_HOME", NULL, 0) == 0)
        SetEnvironmentVariableW(L"GXEDITOR_HOME", beside(path, folder, PORTABLE_FOLDER));

#ifndef PYTHON
    /* Without it Qt ends the program with a message in English, or waits for a click on it that nobody sees. */
    if (GetFileAttributesW(beside(path, folder, PLATFORM_PLUGIN)) == INVALID_FILE_ATTRIBUTES) {
        complain(L"qwindows.dll", GetLastError());
        return 101;
    }
#endif
    library = LoadLibraryExW(beside(path, folder, L"program\\python311.dll"), NULL,
                             LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS);
    start = library ? (python_main)(void *)GetProcAddress(library, "Py_Main") : NULL;
    if (!start) {
        complain(L"python311.dll", GetLastError());
        return 101;
    }
#ifdef PYTHON
    argv[0] = self;
    return start(argc, argv);
#else
    {
        wchar_t **all = calloc((size_t)argc + 5, sizeof *all);
        int count = 0, n;
        if (!all)
            return 101;
        all[count++] = self;
        all[count++] = L"-I";
        all[count++] = L"-B";
        all[count++] = L"-c";
        all[count++] = (wchar_t *)START;
        for (n = 1; n < argc; n++)
            all[count++] = argv[n];
        return start(count, all);
    }
#endif
}

#if defined(CONSOLE) || defined(PYTHON)
int wmain(int argc, wchar_t **argv)
{
    return run(argc, argv);
}
#else
int WINAPI wWinMain(HINSTANCE self, HINSTANCE before, LPWSTR line, int show)
{
    return run(__argc, __wargv);
}
#endif
