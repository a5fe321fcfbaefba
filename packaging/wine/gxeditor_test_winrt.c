/* For tests under Wine 8 only, never shipped: Windows.UI.ViewManagement as Qt 6 asks it, which Wine 8 lacks.
 *
 * Two classes with constant answers: UISettings (a light theme, Windows' blue, text of 100 %) and
 * AccessibilitySettings (no high contrast). Interfaces and the order of their methods are those of Windows'
 * windows.ui.viewmanagement.idl. Objects are static and never freed.
 */
#include <windows.h>
#include <string.h>

typedef struct HSTRING__ *string;
typedef struct { BYTE alpha, red, green, blue; } color;
typedef const void *method;

enum { BACKGROUND = 0, FOREGROUND = 1 };

static const GUID UNKNOWN = {0x00000000, 0, 0, {0xC0, 0, 0, 0, 0, 0, 0, 0x46}};
static const GUID INSPECTABLE = {0xAF86E2E0, 0xB12D, 0x4C6A, {0x9C, 0x5A, 0xD7, 0xAA, 0x65, 0x10, 0x1E, 0x90}};
static const GUID FACTORY = {0x00000035, 0, 0, {0xC0, 0, 0, 0, 0, 0, 0, 0x46}};
static const GUID AGILE = {0x94EA2B94, 0xE9CC, 0x49E0, {0xC0, 0xFF, 0xEE, 0x64, 0xCA, 0x8F, 0x5B, 0x90}};
static const GUID SETTINGS[] = {
    {0x85361600, 0x1C63, 0x4627, {0xBC, 0xB1, 0x3A, 0x89, 0xE0, 0xBC, 0x9C, 0x55}},
    {0xBAD82401, 0x2721, 0x44F9, {0xBB, 0x91, 0x2B, 0xB2, 0x28, 0xBE, 0x44, 0x2F}},
    {0x03021BE4, 0x5254, 0x4781, {0x81, 0x94, 0x51, 0x68, 0xF7, 0xD0, 0x6D, 0x7B}},
    {0x52BB3002, 0x919B, 0x4D6B, {0x9B, 0x78, 0x8D, 0xD6, 0x6F, 0xF4, 0xB9, 0x3B}},
    {0x5349D588, 0x0CB5, 0x5F05, {0xBD, 0x34, 0x70, 0x6B, 0x32, 0x31, 0xF0, 0xBD}},
};
static const GUID ACCESSIBILITY = {0xFE0E8147, 0xC4C0, 0x4562, {0xB9, 0x62, 0x13, 0x27, 0xB5, 0x2A, 0xD5, 0xB9}};

static HRESULT WINAPI query(void *self, const GUID *wanted, void **found);
static HRESULT WINAPI query_factory(void *self, const GUID *wanted, void **found);
static ULONG WINAPI count(void *self) { return 1; }
static HRESULT WINAPI interfaces(void *self, ULONG *number, GUID **list) { *number = 0; *list = NULL; return S_OK; }
static HRESULT WINAPI no_text(void *self, string *text) { *text = NULL; return S_OK; }
static HRESULT WINAPI trust(void *self, int *level) { *level = 0; return S_OK; }
#define INSPECTABLE_METHODS query, count, count, interfaces, no_text, trust

static HRESULT WINAPI one(void *self, int *value) { *value = 1; return S_OK; }
static HRESULT WINAPI yes(void *self, BYTE *value) { *value = 1; return S_OK; }
static HRESULT WINAPI no(void *self, BYTE *value) { *value = 0; return S_OK; }
static HRESULT WINAPI half_a_second(void *self, UINT *value) { *value = 500; return S_OK; }
static HRESULT WINAPI scale(void *self, double *value) { *value = 1; return S_OK; }
static HRESULT WINAPI size(void *self, float *value) { value[0] = value[1] = 16; return S_OK; }
static HRESULT WINAPI subscribe(void *self, void *handler, INT64 *token) { *token = 1; return S_OK; }
static HRESULT WINAPI unsubscribe(void *self, INT64 token) { return S_OK; }
static HRESULT WINAPI black(void *self, int element, color *value)
{
    *value = (color){255, 0, 0, 0};
    return S_OK;
}
static HRESULT WINAPI theme(void *self, int kind, color *value)
{
    *value = kind == BACKGROUND   ? (color){255, 255, 255, 255}
             : kind == FOREGROUND ? (color){255, 0, 0, 0}
                                  : (color){255, 0, 120, 215};
    return S_OK;
}

static const method settings[][20] = {
    {INSPECTABLE_METHODS, one, size, size, size, size, half_a_second, yes, yes, half_a_second, one, half_a_second,
     half_a_second, black},
    {INSPECTABLE_METHODS, scale, subscribe, unsubscribe},
    {INSPECTABLE_METHODS, theme, subscribe, unsubscribe},
    {INSPECTABLE_METHODS, yes, subscribe, unsubscribe},
    {INSPECTABLE_METHODS, yes, subscribe, unsubscribe},
};
static const method accessibility[] = {INSPECTABLE_METHODS, no, no_text, subscribe, unsubscribe};

/* An object is a pointer to its methods. */
static const method *settings_objects[] = {settings[0], settings[1], settings[2], settings[3], settings[4]};
static const method *accessibility_object = accessibility;

static BOOL is_basic(const GUID *wanted)
{
    return IsEqualGUID(wanted, &UNKNOWN) || IsEqualGUID(wanted, &INSPECTABLE) || IsEqualGUID(wanted, &AGILE);
}

static HRESULT WINAPI query(void *self, const GUID *wanted, void **found)
{
    BOOL is_accessibility = self == &accessibility_object;
    int n;

    *found = NULL;
    if (is_basic(wanted) || (is_accessibility && IsEqualGUID(wanted, &ACCESSIBILITY)))
        *found = self;
    for (n = 0; !*found && !is_accessibility && n < 5; n++)
        if (IsEqualGUID(wanted, &SETTINGS[n]))
            *found = &settings_objects[n];
    return *found ? S_OK : E_NOINTERFACE;
}

static HRESULT WINAPI make_settings(void *self, void **object) { *object = &settings_objects[0]; return S_OK; }
static HRESULT WINAPI make_accessibility(void *self, void **object) { *object = &accessibility_object; return S_OK; }

static const method settings_factory[] = {query_factory, count, count, interfaces, no_text, trust, make_settings};
static const method accessibility_factory[] = {query_factory, count,  count, interfaces,
                                               no_text,       trust, make_accessibility};
static const method *settings_factory_object = settings_factory;
static const method *accessibility_factory_object = accessibility_factory;

static HRESULT WINAPI query_factory(void *self, const GUID *wanted, void **found)
{
    *found = is_basic(wanted) || IsEqualGUID(wanted, &FACTORY) ? self : NULL;
    return *found ? S_OK : E_NOINTERFACE;
}

__declspec(dllexport) HRESULT WINAPI DllGetActivationFactory(string name, void **factory)
{
    typedef LPCWSTR(WINAPI * reader)(string, UINT32 *);
    reader read = (reader)(void *)GetProcAddress(GetModuleHandleW(L"combase.dll"), "WindowsGetStringRawBuffer");
    LPCWSTR text = read ? read(name, NULL) : L"";

    *factory = wcsstr(text, L"AccessibilitySettings") ? &accessibility_factory_object : &settings_factory_object;
    return S_OK;
}

__declspec(dllexport) HRESULT WINAPI DllCanUnloadNow(void) { return S_FALSE; }
