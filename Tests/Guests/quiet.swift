// Halts at once, without output. Status 0.

@c(guest_main) func main() -> Int32 { 0 }
