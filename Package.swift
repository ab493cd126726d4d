// swift-tools-version: 6.2
import PackageDescription

/// Set by `make bench`: the tender reports on standard error how long each part of its start took.
let timing: [SwiftSetting] = Context.environment["BRIG_TIMING"] == nil ? [] : [.define("TIMING")]

/// Set by `make install COMPAT_CONFINE=fallback`: fallback is the default under the names `solo5-hvt` and `solo5-hvt.2`.
let compatibility: [SwiftSetting] =
  Context.environment["BRIG_COMPAT_FALLBACK"] == nil ? [] : [.define("COMPAT_FALLBACK")]

/// Set by `make unit`: a tender that leaves out one step of its seal, for the audit to find.
let partial: [SwiftSetting] = Context.environment["BRIG_PARTIAL"] == nil ? [] : [.define("PARTIAL")]

/// Set by `make fuzz`: builds the libraries for libFuzzer and the address sanitizer, and the fuzzers of Tests/Fuzz.
let fuzzing = Context.environment["BRIG_FUZZ"] != nil

/// Set by the Makefile: builds the libraries and `brig-hvt` in Embedded Swift, as one static PIE.
let embedded = Context.environment["BRIG_EMBEDDED"] != nil

let settings: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6), .strictMemorySafety(), .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"), .enableExperimentalFeature("Lifetimes"),
  ]
  + (embedded
    ? [
      .enableExperimentalFeature("Embedded"),
      .unsafeFlags(["-Osize", "-Xfrontend", "-function-sections"]),
    ] : []) + (fuzzing ? [.unsafeFlags(["-sanitize=fuzzer,address", "-enable-testing"])] : []) + timing + compatibility
  + partial

let staticPIE: [LinkerSetting] = [
  .unsafeFlags([
    "-use-ld=lld", "-Xclang-linker", "-static-pie", "-Xlinker", "-z", "-Xlinker", "now", "-Xlinker", "--gc-sections",
    "-Xlinker", "--icf=all", "-Xlinker", "--pack-dyn-relocs=relr", "-Xlinker", "-e", "-Xlinker", "carena_start",
    // Nothing unwinds the stack.
    "-Xlinker", "--no-eh-frame-hdr",
  ])
]

/// A library; with `ordinary`, its folder `Ordinary` is for ordinary Swift only, and the tender goes without.
func library(
  _ name: String, _ dependencies: [String], ordinary: Bool = false, resources: [Resource]? = nil
) -> Target {
  .target(
    name: name, dependencies: dependencies.map { .byName(name: $0) },
    exclude: ordinary && embedded ? ["Ordinary"] : [], resources: resources, swiftSettings: settings)
}

func tests(of name: String, _ dependencies: [String]) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: dependencies.map { .byName(name: $0) },
    swiftSettings: settings)
}

/// What runs before the C library calls nothing of it: no loop becomes a call of strlen, whose address isn't relocated yet.
let early = ["-fno-builtin-strlen"]

let libraries: [Target] = [
  .target(
    name: "CArena", dependencies: ["CCalls", "CLinux"],
    cSettings: [.unsafeFlags(["-fno-builtin-malloc", "-fno-builtin-calloc"] + early)]),
  .target(name: "CCalls", dependencies: ["CLinux"], cSettings: [.unsafeFlags(early)]),
  .target(name: "CLinux"),
  .systemLibrary(
    name: "CSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
  .systemLibrary(name: "CCap", pkgConfig: "libcap", providers: [.apt(["libcap-dev"])]),
  .systemLibrary(name: "CDigest", pkgConfig: "libmd", providers: [.apt(["libmd-dev"])]),
  library("Text", [], ordinary: true),
  library("ABI", ["Text"]),
  library("Image", ["ABI", "Text"]),
  library("Host", ["CLinux", "CDigest", "Text"], ordinary: true),
  library("Machine", ["ABI", "CLinux", "Host", "Image", "Text"]),
  library("Policy", ["CLinux", "CSeccomp", "Host", "Text"], resources: [.embedInCode("policies")]),
  library("Confinement", ["CCalls", "CCap", "CLinux", "Host", "Policy", "Text"]),
  library(
    "Tender", ["ABI", "CLinux", "Confinement", "Host", "Image", "Machine", "Policy", "Text"]),
  .executableTarget(
    name: "brig-hvt",
    dependencies: ["Host", "Tender"] + (embedded ? ["CArena"] : []),
    swiftSettings: settings,
    linkerSettings: embedded ? staticPIE : []),
]

/// The probe, a tender that attacks its own seal.
///
/// It is for tests, and never installed.
let probe: [Target] = [
  .target(name: "CProbe"),
  .executableTarget(
    name: "brig-probe",
    dependencies: ["ABI", "CArena", "CLinux", "CProbe", "Host", "Machine", "Policy", "Tender", "Text"],
    swiftSettings: settings, linkerSettings: staticPIE),
]

let hosted: [Target] = [
  library("Procfs", ["CLinux", "Host", "Text"]),
  library("Filters", ["CLinux", "CSeccomp", "Host", "Policy", "Text"]),
  library("Receipts", ["CLinux", "Host", "Policy", "Text"]),
  library("Review", ["ABI", "CLinux", "Filters", "Host", "Image", "Policy", "Receipts", "Text"]),
  library("Audit", ["CLinux", "Confinement", "Filters", "Host", "Policy", "Procfs", "Receipts", "Text"]),
  library(
    "Doctor",
    ["ABI", "CCalls", "CLinux", "Confinement", "Host", "Machine", "Policy", "Procfs", "Tender", "Text"]),
  library("Attack", ["CLinux", "Filters", "Host", "Policy", "Text"]),
  .executableTarget(
    name: "brig",
    dependencies: [
      "Attack", "Audit", "CLinux", "Confinement", "Doctor", "Filters", "Host", "Image", "Policy", "Receipts", "Review",
      "Tender", "Text",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ],
    swiftSettings: settings),
  .executableTarget(
    name: "filter-cost", dependencies: ["Confinement", "Host", "Policy", "Text"], swiftSettings: settings),
  tests(of: "Text", ["Text"]),
  tests(of: "Image", ["ABI", "Image", "Text"]),
  tests(of: "Host", ["CCalls", "CLinux", "Host", "Text"]),
  .target(name: "CChild", dependencies: ["CSeccomp"], path: "Tests/CChild"),
  tests(of: "Policy", ["CChild", "CLinux", "CSeccomp", "Host", "Policy", "Text"]),
  tests(of: "Confinement", ["CLinux", "Confinement", "Host", "Policy", "Text"]),
  tests(of: "Attack", ["Attack", "Filters", "Host", "Policy", "Review", "Text"]),
  .target(name: "CSubject", path: "Tests/CSubject"),
  tests(
    of: "Audit",
    ["Audit", "CLinux", "CSubject", "Confinement", "Filters", "Host", "Policy", "Procfs", "Receipts", "Review", "Text"]),
  tests(of: "Doctor", ["Confinement", "Doctor", "Host", "Procfs", "Tender", "Text"]),
  tests(of: "Filters", ["Filters", "Host", "Policy", "Review", "Text"]),
  tests(of: "Receipts", ["Receipts", "Text"]),
  tests(of: "Review", ["CLinux", "Filters", "Host", "Policy", "Receipts", "Review", "Text"]),
  tests(of: "Machine", ["ABI", "CLinux", "Host", "Image", "Machine", "Text"]),
  tests(of: "Tender", ["ABI", "CLinux", "Confinement", "Host", "Image", "Machine", "Policy", "Tender", "Text"]),
]

func fuzzer(_ name: String, _ dependencies: [String]) -> Target {
  .executableTarget(
    name: "fuzz-\(name)", dependencies: (dependencies + ["FuzzInput"]).map { .byName(name: $0) },
    path: "Tests/Fuzz/\(name)", swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])],
    linkerSettings: [.unsafeFlags(["-use-ld=lld", "-sanitize=fuzzer,address"])])
}

let fuzzers: [Target] = [
  .target(name: "CFuzzer", path: "Tests/Fuzz/CFuzzer"),
  .target(name: "FuzzInput", dependencies: ["CFuzzer"], path: "Tests/Fuzz/Input", swiftSettings: settings),
  fuzzer("elf", ["ABI", "Host", "Image", "Machine", "Text"]),
  fuzzer("manifest", ["ABI", "Text"]),
  fuzzer("arguments", ["ABI", "Tender", "Text"]),
  fuzzer("policy", ["CLinux", "CSeccomp", "Host", "Policy", "Text"]),
  fuzzer("filter", ["CLinux", "CSeccomp", "Policy", "Text"]),
  fuzzer("hypercalls", ["ABI", "CLinux", "Host", "Machine", "Tender", "Text"]),
]

let package = Package(
  name: "brig",
  products: [.executable(name: "brig-hvt", targets: ["brig-hvt"])]
    + (fuzzing
      ? []
      : embedded
        ? [.executable(name: "brig-probe", targets: ["brig-probe"])] : [.executable(name: "brig", targets: ["brig"])]),
  dependencies: embedded || fuzzing
    ? [] : [.package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")],
  targets: libraries + (fuzzing ? fuzzers : embedded ? probe : hosted)
)
