/* For tests in Wine 8 only, never shipped: the random numbers that modules written in Rust ask Windows for.
 *
 * Every Windows 10 has this DLL, and so have later versions of Wine.
 */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG size); /* RtlGenRandom, in advapi32.dll */

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T size)
{
    return SystemFunction036(buffer, (ULONG)size);
}
