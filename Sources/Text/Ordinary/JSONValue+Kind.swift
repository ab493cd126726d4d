extension JSONValue {
  /// Whether the document says that it is of a kind, in whatever version.
  package func isOf(_ kind: DocumentKind) -> Bool { self["schema"]?.string == "\(kind.row.name)" }

  /// Whether the document has the version of a kind that this program writes and reads.
  package func hasVersion(of kind: DocumentKind) -> Bool { self["version"]?.number == Int64(kind.row.version) }
}
