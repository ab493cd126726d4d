import Foundation
import Testing

/// The compiler is asked: there must be no way to the run loop but through the seal.
///
/// To add one: a row of `shortcuts`: a function that leaves a stage out, and words of the compiler's reason.
@Suite("stages")
struct StageTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// What SwiftPM calls this package: its folder's name in lower case, where what can't stand in an identifier is `_`.
  private static let package: String = {
    let name = root.lastPathComponent.lowercased()
    let words = name.map { $0.isLetter || $0.isNumber ? $0 : "_" }
    return String(words.first?.isNumber == true ? ["_"] + words.dropFirst() : words)
  }()

  /// What the compiler says of a file in this package that uses the stages as `brig-hvt` does.
  private func compile(_ body: String) throws -> (status: Int32, errors: String) {
    let products = try URL(fileURLWithPath: FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      .deletingLastPathComponent()
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("stage-\(UUID()).swift")
    try "import Confinement\nimport Host\nimport Tender\n\(body)\n".write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    let maps =
      ["CSeccomp", "CCap", "CDigest"].map { Self.root.appendingPathComponent("Sources/\($0)/module.modulemap") }
      + ["CCalls", "CLinux"].map { products.appendingPathComponent("\($0).build/module.modulemap") }
    let compiler = Process()
    compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    compiler.arguments =
      ["swiftc", "-emit-sil", "-o", "/dev/null", "-swift-version", "6", "-parse-as-library"]
      + ["-package-name", Self.package]
      + ["-I", products.appendingPathComponent("Modules").path, file.path]
      + maps.flatMap { ["-Xcc", "-fmodule-map-file=\($0.path)"] }
    let errors = Pipe()
    compiler.standardError = errors
    try compiler.run()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    compiler.waitUntilExit()
    return (compiler.terminationStatus, text)
  }

  @Test("the way through all stages compiles")
  func whole() throws {
    let result = try compile(
      """
      func run(_ line: CommandLine) throws(Failure) -> Never {
        let opened = try Opened.open(line, try Groundwork.lay(line))
        Sealed.install(try Confined.confine(try Loaded.load(opened))).run()
      }
      """)
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test(
    "a way that leaves a stage out doesn't",
    arguments: [
      ("func run(_ confined: Confined) -> Never { confined.run() }", "has no member 'run'"),
      ("func run(_ confined: Confined) -> Sealed { Sealed(guest: confined.guest) }", "initializer is inaccessible"),
      (
        "func run(_ loaded: consuming Loaded) -> Never { Sealed.install(loaded).run() }",
        "cannot convert value of type 'Loaded'"
      ),
      (
        "func run(_ opened: consuming Opened) throws { _ = try Confined.confine(opened) }",
        "cannot convert value of type 'Opened'"
      ),
      ("func run(_ confined: Confined) { confined.guest.serve(1, at: 0) }", "inaccessible due to 'internal'"),
      (
        "func run(_ loaded: consuming Loaded) throws { _ = (try Confined.confine(loaded), try Confined.confine(loaded)) }",
        "consumed more than once"
      ),
    ])
  func shortcuts(_ body: String, _ reason: String) throws {
    let result = try compile(body)
    #expect(result.status != 0)
    #expect(result.errors.contains(reason), "\(result.errors)")
  }
}
