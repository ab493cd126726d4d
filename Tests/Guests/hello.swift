// Greets, then prints the command line in brackets if there is one. Status 0.
import CGuest

@c(guest_main) func main() -> Int32 {
  say("Hello from Brig")
  if command_line().pointee != 0 { say("[\(command_line())]") }
  return 0
}
