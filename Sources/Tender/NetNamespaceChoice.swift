import CLinux
package import Confinement
import Host
package import Text

/// Which net namespace a tender enters.
package enum NetNamespaceChoice: Sendable {
  /// One that it makes.
  case own
  /// The prepared one at the usual path, where it is there and fit; else one that it makes.
  case automatic
  /// This prepared one, or the tender doesn't start.
  case place(Place)

  /// What an option names.
  var place: Place? { if case .place(let place) = self { place } else { nil } }

  /// The name in messages and in the receipt of the one that is looked for.
  var text: Text { place?.text ?? PreparedNetNamespace.usualPath }

  /// Opens what is named, or looked for.
  ///
  /// An ordinary user makes its own: one that it had prepared would be its other processes' to change.
  ///
  /// - Throws: the line to end with, where what is named can't be had.
  package func open(_ attachments: Attachments?, _ receipt: ReceiptFile?) throws(Failure) -> NetNamespaceRequest {
    let isRoot = getauxval(UInt(AT_EUID)) == 0
    switch self {
    case .own: return .own
    case .automatic:
      guard isRoot else { return .own }
      do throws(SystemError) {
        return .preferred(try PreparedNetNamespace.open(PreparedNetNamespace.usualPath))
      } catch {
        return error.code == ENOENT ? .own : .unavailable(error.reason)
      }
    case .place(let place):
      guard isRoot else { throw failure("only root can join one: start as root, or leave out --net-namespace") }
      guard !place.namesDescriptor else { throw failure(Place.adviceForDescriptor) }
      switch place {
      case .name(let path):
        do throws(SystemError) { return .demanded(try PreparedNetNamespace.open(path)) } catch {
          throw failure("\(error.reason): make one: brig net-namespace make \(path)")
        }
      case .descriptor(let given):
        let advice: Text = "hand over a descriptor for each"
        if let use = attachments?.use(of: given) { throw failure("\(use): \(advice)") }
        if receipt?.descriptor == given { throw failure("it is the receipt: \(advice)") }
        return .demanded(Descriptor(owning: given))
      }
    }
  }

  /// The line to end with.
  package func failure(_ problem: Text) -> Failure { Failure("cannot join the net namespace: \(text): \(problem)") }
}
