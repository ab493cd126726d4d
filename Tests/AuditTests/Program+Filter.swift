import CSubject
import Policy

extension Program {
  /// Hands the program to a function as the kernel takes it.
  func withFilter<Value>(_ body: (UnsafePointer<sock_filter>?, UInt16) -> Value) -> Value {
    let filter = instructions.map {
      sock_filter(code: $0.code, jt: $0.skipTrue, jf: $0.skipFalse, k: $0.operand)
    }
    return unsafe filter.withUnsafeBufferPointer { unsafe body($0.baseAddress, UInt16($0.count)) }
  }
}
