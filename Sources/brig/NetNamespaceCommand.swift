import ArgumentParser
import Confinement
import Host
import Text

/// `brig net-namespace`: the net namespace that is prepared for tenders.
struct NetNamespaceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "net-namespace", abstract: "Makes, checks and removes a net namespace for tenders to join.",
    discussion: """
      FILE becomes a net namespace with nothing in it (a bind mount, as `ip netns add` makes it). Tenders that root starts join the \
      one at /run/brig/net, and another by --net-namespace=FILE; that takes less time and memory than to make one each. Be root. \
      Status: 0 where it is done, or fit to be joined, 1 where check finds that it isn't, 2 where nothing could be done.
      """,
    subcommands: [Make.self, Check.self, Remove.self])

  /// What the commands work on.
  struct NamespaceFile: ParsableArguments {
    @Argument(help: "The file that is, or becomes, the namespace.")
    var file = String(PreparedNetNamespace.usualPath)

    /// - Throws: a complaint where whoever runs this isn't root.
    func namespace() throws(Complaint) -> NetNamespaceFile { try NetNamespaceFile(file) }
  }

  struct Make: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes one; says so where there is one that is fit already.")

    @OptionGroup var place: NamespaceFile
    @OptionGroup var output: OutputOptions

    func run() throws {
      let namespace = try place.namespace()
      let state = NetNamespaceState(path: namespace.path, inode: .success(try namespace.make()))
      try output.print(state.text, json: state.json)
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Says whether a tender that root starts can join one.")

    @OptionGroup var place: NamespaceFile
    @OptionGroup var output: OutputOptions

    func run() throws {
      let namespace = try place.namespace()
      let inode = Result { () throws(PreparedNetNamespace.Unfit) in try namespace.check() }
      let state = NetNamespaceState(path: namespace.path, inode: inode)
      try output.print(state.text, json: state.json)
      if !state.isFit { ExitStatus.no.exit() }
    }
  }

  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Removes one; the tenders that are in it stay there.")

    @OptionGroup var place: NamespaceFile

    func run() throws { try place.namespace().remove() }
  }
}
