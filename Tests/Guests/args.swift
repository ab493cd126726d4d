// Prints the command line byte for byte, with nothing added, in one PUTS. Status 0.
import CGuest

@c(guest_main) func main() -> Int32 {
  var length = 0
  while command_line()[length] != 0 { length += 1 }
  puts_raw(command_line(), UInt64(length))
  return 0
}
