import CCalls
import CLinux
package import Host
package import Text

/// What is asked for a tender's net namespace, its file open where one is named.
package enum NetNamespaceRequest: ~Copyable {
  /// It makes its own.
  case own
  /// It looked for a prepared one, which couldn't be opened, and makes its own.
  case unavailable(Text)
  /// It joins this one, or else makes its own.
  case preferred(Descriptor)
  /// It joins this one, or doesn't start.
  case demanded(Descriptor)
}

/// Which net namespace a tender has entered, or is going to.
package enum NetNamespace: Equatable, Sendable {
  /// One of its own; the reason is why it hasn't joined a prepared one that was there.
  case own(because: Text?)
  /// A prepared one, by its inode number.
  case prepared(inode: UInt64)
}

extension Seal {
  /// Joins a prepared net namespace, where one is asked for.
  ///
  /// It comes before the tender gives up root, for to join takes CAP_SYS_ADMIN in the user namespace that owns the
  /// other one and in that which the tender is in. All other namespaces are made afterwards, and are its own.
  ///
  /// - Throws: why one can't be joined that is demanded.
  package mutating func joinNetNamespace(
    _ request: consuming NetNamespaceRequest
  ) throws(PreparedNetNamespace.Unfit) {
    if Omission.concerns(.netNamespace) { return }
    switch consume request {
    case .own: break
    case .unavailable(let reason): netNamespace = .own(because: reason)
    case .demanded(let descriptor): try join(descriptor)
    case .preferred(let descriptor):
      do throws(PreparedNetNamespace.Unfit) {
        if mayBeAnswered { try Self.tryToJoin(descriptor.raw) }
        try join(descriptor)
      } catch {
        // Nothing is made from within a namespace that isn't known to be empty.
        if error.isInside { throw error }
        netNamespace = .own(because: error.reason)
        netNamespaceRemedy = error.remedy
      }
    }
  }

  private mutating func join(_ descriptor: consuming Descriptor) throws(PreparedNetNamespace.Unfit) {
    do throws(PreparedNetNamespace.Unfit) {
      let namespace = try PreparedNetNamespace.checked(descriptor)
      try namespace.join()
      record(.netNamespace)
      netNamespace = .prepared(inode: namespace.inode)
    } catch {
      guard let call = error.call,
        let remedy = filterRemedy(call, held: ccalls_root.rawValue | ccalls_prepared.rawValue)
      else { throw error }
      throw PreparedNetNamespace.Unfit(error.reason, remedy, isInside: error.isInside)
    }
  }

  /// Has a child join it first: an outer filter may kill for a call that no tender needs to make that makes its own.
  ///
  /// - Throws: the calls that the filter kills for.
  private static func tryToJoin(_ raw: Int32) throws(PreparedNetNamespace.Unfit) {
    let status = OuterFilter.inChild {
      do throws(PreparedNetNamespace.Unfit) {
        try PreparedNetNamespace.checked(Descriptor(owning: raw)).join()
      } catch {
        // The parent will see for itself.
      }
    }
    guard let status, status & 0x7f == SIGSYS else { return }
    let names = OuterFilter.killingCalls(with: .preparedNetNamespace) ?? "to join it"
    throw PreparedNetNamespace.Unfit(
      "an outer seccomp filter forbids \(names)", "an outer seccomp filter forbids \(names)\(OuterFilter.remedy)")
  }
}
