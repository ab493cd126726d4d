import Confinement
import Text

/// What was found of a net namespace for tenders to join.
struct NetNamespaceState {
  let path: String
  /// Its inode number, or why no tender would join it.
  let inode: Result<UInt64, PreparedNetNamespace.Unfit>

  var isFit: Bool { if case .success = inode { true } else { false } }

  /// The line for people.
  var text: String {
    switch inode {
    case .success(let inode): "\(path): net namespace \(inode), which is empty\n"
    case .failure(let unfit): "\(path): not fit: \(String(unfit.reason)): \(String(unfit.remedy))\n"
    }
  }

  /// The state as JSON; `docs/tools.md` describes it.
  var json: Text {
    JSON.document(.netNamespace) { json in
      json.string("file", Text(path))
      json.boolean("fit", isFit)
      switch inode {
      case .success(let inode): json.number("inode", inode)
      case .failure(let unfit):
        json.string("reason", unfit.reason)
        json.string("remedy", unfit.remedy)
      }
    }
  }
}
