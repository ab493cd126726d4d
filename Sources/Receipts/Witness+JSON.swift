package import Policy
package import Text

extension Witness {
  /// Reads the witness from a list of numbers.
  ///
  /// A receipt has the list only of a start under an outer filter.
  ///
  /// - Parameters:
  ///   - list: the value, nil where there is none.
  ///   - failure: what to throw for a problem.
  /// - Throws: that, if the list isn't as many error numbers as a witness has.
  package init?(listed list: JSONValue?, failure: (String) -> Complaint) throws(Complaint) {
    guard let list else { return nil }
    let numbers = list.elements.compactMap { $0.unsigned.flatMap(UInt32.init(exactly:)) }
    guard numbers.count == Self.count, list.elements.count == Self.count,
      let witness = Witness(numbers[0], numbers[1], numbers[2])
    else { throw failure("not \(Self.count) numbers of errors that no kernel gives") }
    self = witness
  }

  /// Writes the answers as a list of numbers.
  package func write(to json: inout JSON) {
    json.array("witness", compact: true) { json in
      for argument in 0..<Self.count { json.number(nil, self[argument]) }
    }
  }
}
