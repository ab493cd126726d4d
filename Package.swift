// swift-tools-version: 6.2
import PackageDescription

// What is built is chosen by the environment where targets, folders and packages depend on it, which a trait can't do:
// the manifest isn't told which ones are on. What only defines a name for the compiler is a trait.

/// Set by the Makefile: builds the libraries and `brig-hvt` in Embedded Swift, as one static PIE.
let embedded = Context.environment["BRIG_EMBEDDED"] != nil
/// Set by `make fuzz`: builds the libraries for libFuzzer and the address sanitizer, and the fuzzers of Tests/Fuzz.
let fuzzing = Context.environment["BRIG_FUZZ"] != nil

let traits: Set<Trait> = [
  .trait(name: "TIMING", description: "make bench: reports on standard error how long each part of a start took"),
  .trait(name: "PARTIAL", description: "tests: leaves out a step of the seal, for the audit to find"),
  .trait(
    name: "COMPAT_FALLBACK", description: "make install: fallback is the default under the names of Solo5's tender"),
]

let settings: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6), .strictMemorySafety(), .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"), .enableExperimentalFeature("Lifetimes"),
  ]
  + (embedded
    ? [
      .enableExperimentalFeature("Embedded"),
      // A hash for the compiler's next run would stay in the program, and tell where it was built.
      .unsafeFlags(["-Xfrontend", "-function-sections", "-Xfrontend", "-disable-incremental-llvm-codegen"]),
    ] : [])
  + (fuzzing ? [.unsafeFlags(["-sanitize=fuzzer,address", "-enable-testing"])] : [])

func named(_ names: [String]) -> [Target.Dependency] { names.map { .byName(name: $0) } }

/// A library.
///
/// With `ordinary`, its folder `Ordinary` is for ordinary Swift only, and the tender goes without. With `calculates` it
/// is optimised for the tests too, which would take minutes without.
func library(
  _ name: String, _ uses: [String], ordinary: Bool = false, calculates: Bool = false, resources: [Resource]? = nil
) -> Target {
  let optimised: [SwiftSetting] = calculates ? [.unsafeFlags(["-O"], .when(configuration: .debug))] : []
  return .target(
    name: name, dependencies: named(uses), exclude: ordinary && embedded ? ["Ordinary"] : [], resources: resources,
    swiftSettings: settings + optimised)
}

func program(_ name: String, _ uses: [String], products: [Target.Dependency] = []) -> Target {
  .executableTarget(
    name: name, dependencies: named(uses) + products, swiftSettings: settings)
}

/// What runs before the C library calls nothing of it: no loop becomes a call of strlen, whose address isn't relocated
/// yet.
let early = ["-fno-builtin-strlen"]

let libraries: [Target] = [
  .target(
    name: "CArena", dependencies: ["CCalls", "CLinux"],
    cSettings: [.unsafeFlags(["-fno-builtin-malloc", "-fno-builtin-calloc"] + early)]),
  .target(name: "CCalls", dependencies: ["CLinux"], cSettings: [.unsafeFlags(early)]),
  .target(name: "CLinux"),
  .systemLibrary(name: "CSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
  .systemLibrary(name: "CCap", pkgConfig: "libcap", providers: [.apt(["libcap-dev"])]),
  .systemLibrary(name: "CDigest", pkgConfig: "libmd", providers: [.apt(["libmd-dev"])]),
  library("Text", [], ordinary: true),
  library("ABI", ["Text"]),
  library("Image", ["ABI", "Text"]),
  library("Host", ["CLinux", "CDigest", "Text"], ordinary: true),
  library("Machine", ["ABI", "CLinux", "Host", "Image", "Text"]),
  library("Policy", ["CLinux", "CSeccomp", "Host", "Text"], calculates: true, resources: [.embedInCode("policies")]),
  library("Confinement", ["CCalls", "CCap", "CLinux", "Host", "Policy", "Text"], ordinary: true),
  library("Tender", ["ABI", "CLinux", "Confinement", "Host", "Image", "Machine", "Policy", "Text"]),
  program("brig-hvt", ["Host", "Tender"] + (embedded ? ["CArena"] : [])),
]

/// The probe, a tender that attacks its own seal.
///
/// It is for tests, and is installed where no shell looks for programs.
let probe: [Target] = [
  .target(name: "CProbe"),
  program("brig-probe", ["ABI", "CArena", "CLinux", "CProbe", "Host", "Machine", "Policy", "Tender", "Text"]),
]

let hosted: [Target] = [
  .target(name: "CStart"),
  library("Procfs", ["Host", "Text"]),
  library("Filters", ["CLinux", "CSeccomp", "Host", "Policy", "Text"]),
  library("Receipts", ["CLinux", "Host", "Policy", "Text"]),
  library("Review", ["ABI", "CLinux", "Filters", "Host", "Image", "Policy", "Receipts", "Text"]),
  library("Audit", ["CLinux", "Confinement", "Filters", "Host", "Policy", "Procfs", "Receipts", "Text"]),
  library(
    "Doctor", ["ABI", "CCalls", "CLinux", "Confinement", "Host", "Machine", "Policy", "Procfs", "Tender", "Text"]),
  library("Attack", ["CLinux", "Filters", "Host", "Policy", "Text"]),
  library("Creation", ["ABI", "CLinux", "Host", "Image", "Tender", "Text"]),
  program(
    "brig",
    [
      "Attack", "Audit", "CLinux", "CStart", "Confinement", "Creation", "Doctor", "Filters", "Host", "Image", "Policy",
      "Receipts", "Review",
      "Tender", "Text",
    ], products: [.product(name: "ArgumentParser", package: "swift-argument-parser")]),
  program("filter-cost", ["Confinement", "Host", "Policy", "Text"]),
]

/// The libraries with tests, and what those use besides it and all that it uses itself.
let tested: KeyValuePairs = [
  "Text": [], "Image": [], "Host": ["CCalls"], "Machine": [], "Policy": ["CChild"], "Confinement": [], "Tender": [],
  "Filters": ["Review"], "Receipts": [], "Review": [], "Audit": ["CSubject", "Review"], "Doctor": [],
  "Attack": ["Review"], "Creation": [],
]

let tests: [Target] =
  tested.map { name, others in
    let uses = (libraries + hosted).first { $0.name == name }.map(\.dependencies) ?? []
    return .testTarget(name: "\(name)Tests", dependencies: uses + named([name] + others), swiftSettings: settings)
  } + [
    .target(name: "CChild", dependencies: ["CSeccomp"], path: "Tests/CChild"),
    .target(name: "CSubject", path: "Tests/CSubject"),
  ]

/// A fuzzer, whose `main` is libFuzzer's.
///
/// Without `make fuzz` it is a library that nobody uses: what builds the tests compiles it as well, so that it keeps up
/// with what it calls.
func fuzzer(_ name: String, _ uses: [String]) -> Target {
  let (name, uses, path) = ("fuzz-\(name)", named(uses + ["FuzzInput"]), "Tests/Fuzz/\(name)")
  guard fuzzing else { return .target(name: name, dependencies: uses, path: path, swiftSettings: settings) }
  return .executableTarget(
    name: name, dependencies: uses, path: path, swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])],
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
  products: (["brig-hvt"] + (fuzzing ? [] : embedded ? ["brig-probe"] : ["brig"])).map {
    .executable(name: $0, targets: [$0])
  },
  traits: traits,
  dependencies: embedded || fuzzing
    ? [] : [.package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")],
  targets: libraries + (fuzzing ? fuzzers : embedded ? probe : hosted + tests + fuzzers)
)
