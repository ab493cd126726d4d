import CLinux
import Host
import Testing
import Text

/// An error number's words: the launcher's own tools, and solo5-hvt, print glibc's.
///
/// To add one: nothing, as every number is compared.
@Suite("the words of an error number")
struct SystemErrorTests {
  @Test("are glibc's, untranslated")
  func words() {
    // The tests' process has the locale C, as no one calls setlocale.
    for number in Int32(-1)..<200 {
      let expected = unsafe String(cString: strerror(number))
      #expect(SystemError.reason(of: number).bytes == Array(expected.utf8))
    }
  }
}
