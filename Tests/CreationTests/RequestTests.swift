import Creation
import Testing
import Text

/// To add one: a row of a value and what is read, or of one that is refused.
@Suite("what brig run is asked to make")
struct RequestTests {
  @Test(
    "a disk has a device, perhaps a path, and a size",
    arguments: [
      ("a=512", "a", nil, 512), ("a=1K", "a", nil, 1024), ("Data9=64M", "Data9", nil, 64 << 20),
      ("a=3G", "a", nil, 3 << 30), ("a=d.img:1M", "a", "d.img", 1 << 20), ("a=/x:y/d=1:1536", "a", "/x:y/d=1", 1536),
      ("a=10M:10M", "a", "10M", 10 << 20), ("a=\u{e4}:512", "a", "\u{e4}", 512),
      ("a=d:9223372036854775296", "a", "d", 9_223_372_036_854_775_296),
    ] as [(String, String, String?, UInt64)])
  func disk(_ words: String, _ device: String, _ path: String?, _ size: UInt64) throws {
    let request = try DiskRequest(parsing: words)
    #expect(request.device == device && request.path == path && request.size == size)
  }

  @Test(
    "what a disk's value isn't",
    arguments: [
      "", "a", "a=", "=1M", "a-b=1M", "a=:1M", "a=d.img", "a=d.img:", "a=d.img:M", "a=1T", "a=1m", "a=-1", "a=1.5M",
      "a= 1M",
      "a=1M ", "\u{e4}=1M", String(repeating: "n", count: 68) + "=1M",
    ])
  func noDisk(_ words: String) {
    do throws(Complaint) {
      Issue.record("\(try DiskRequest(parsing: words)) was accepted")
    } catch {
      #expect(error.message.contains("takes DEVICE=PATH:SIZE"))
    }
  }

  @Test(
    "a size that no disk has",
    arguments: [
      "0", "1", "511", "513", "1000", "8589934592G", "9223372036854775808", "99999999999999999999", "99999999999G",
    ])
  func size(_ size: String) {
    for words in ["a=\(size)", "a=d:\(size)"] {
      do throws(Complaint) {
        Issue.record("\(try DiskRequest(parsing: words)) was accepted")
      } catch {
        #expect(
          error.message == "run: --create-disk \(words): SIZE is a multiple of 512 bytes, at least one and less than 8E"
        )
      }
    }
  }

  @Test(
    "a TAP has a name, perhaps an address and a bridge",
    arguments: [
      ("tap0", "tap0", nil, nil, nil), ("t-0_1.2", "t-0_1.2", nil, nil, nil),
      ("tap0=10.0.0.1/24", "tap0", [10, 0, 0, 1], 24, nil), ("tap0=1.2.3.4/0", "tap0", [1, 2, 3, 4], 0, nil),
      ("tap0,bridge=br0", "tap0", nil, nil, "br0"),
      ("tap0=10.0.0.1/32,bridge=br-lan", "tap0", [10, 0, 0, 1], 32, "br-lan"),
      ("tap0=fd00::1/64", "tap0", [0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 64, nil),
      ("tap0=::1/128", "tap0", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 128, nil),
    ] as [(String, String, [UInt8]?, UInt8?, String?)])
  func tap(_ words: String, _ name: String, _ octets: [UInt8]?, _ length: UInt8?, _ bridge: String?) throws {
    let request = try TapRequest(parsing: words)
    #expect(request.name == name && request.bridge == bridge)
    #expect(request.address?.octets == octets && request.address?.length == length)
  }

  @Test(
    "what a TAP's value isn't",
    arguments: [
      "", "=10.0.0.1/24", "tap0=", "tap0=10.0.0.1", "tap0=10.0.0.1/", "tap0=10.0.0.1/33", "tap0=10.0.0.1/-1",
      "tap0=10.0.0/24",
      "tap0=10.0.0.1/24/1", "tap0=fd00::1/129", "tap0=host/24", "tap%d", "a/b", "a b", ".", "..", "tap0123456789abc",
      "tap0,", "tap0,br0", "tap0,bridge=", "tap0,bridge=a/b", "tap0,bridge=a,bridge=b", "tap0,bridge=a=10.0.0.1/24",
      "tap0=10.0.0.1/999",
    ])
  func noTap(_ words: String) {
    do throws(Complaint) {
      Issue.record("\(try TapRequest(parsing: words)) was accepted")
    } catch {
      #expect(error.message.contains("takes NAME[=ADDRESS/LENGTH][,bridge=BRIDGE]"))
    }
  }
}
