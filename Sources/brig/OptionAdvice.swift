import Host
import Text

/// What an option of the tender takes, for a person who wrote something else.
///
/// The tender's own texts are Solo5's, which say less.
enum OptionAdvice {
  private static let table: [(name: String, takes: String)] = [
    (
      "--mem",
      "takes guest memory in MB, a whole number in decimal digits from 1 to \(Bounds.memory >> 20), as in --mem=64"
    ),
    ("--block-sector-size", "takes a power of two from 512 to 32768, as in --block-sector-size:NAME=4096"),
    ("--block-mode", "takes rw, ro or sync, as in --block-mode:NAME=ro"),
    ("--block", "takes a path or @ and a descriptor's number, as in --block:NAME=disk.img"),
    ("--net-mac", "takes six octets of one or two hexadecimal digits, as in --net-mac:NAME=02:00:00:00:00:01"),
    ("--net", "takes an interface or @ and a descriptor's number, as in --net:NAME=tap0"),
    ("--confine", "takes full or fallback"),
    ("--user", "takes auto, or UID or UID:GID, whole numbers from 1 to 4294967294"),
    ("--receipt", "takes a path or @ and a descriptor's number"),
    ("--log", "takes a path or @ and a descriptor's number"),
    ("--image-sha256", "takes 64 hexadecimal digits"),
    ("--seccomp", "takes kill or report"),
    ("--net-namespace", "takes own, auto, a file or @ and a descriptor's number, as in --net-namespace=/run/brig/net"),
    ("--name", "takes 1 to 15 ASCII letters, digits, dots, underscores and hyphens, as in --name=web-1"),
    ("--try-name", "takes a name"),
    ("--huge-pages", "takes auto, on or off"),
    ("--keep-oom-score", "takes nothing"),
    ("--no-net-ring", "takes nothing"),
  ]
  /// The options that name a device.
  private static let named: Set = ["--block", "--block-sector-size", "--block-mode", "--net", "--net-mac"]

  /// What is wrong with a word that isn't an option of the tender.
  static func sentence(for word: String) -> String {
    let name = String(word.prefix { $0 != "=" && $0 != ":" })
    guard let row = table.first(where: { $0.name == name }) else {
      return
        "\(word.shown): no option of brig-hvt: brig-hvt --help lists them; what is for the guest stands behind IMAGE"
    }
    let device = "; NAME is the device's in the manifest, 1 to 67 ASCII letters and digits"
    return "\(word.shown): \(name) \(row.takes)\(named.contains(name) ? device : "")"
  }
}
