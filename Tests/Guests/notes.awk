# Writes the two notes of one guest as assembler source: awk -v guest=NAME -f notes.awk guests.table
# A device is written block:NAME or net:NAME; NAME*COUNT stands for NAME0, NAME1 and so on.

function note(section, type, bytes) {
  print "\t.section " section ", \"a\", %note"
  print "\t.balign 4"
  print "\t.long 6, " bytes ", " type
  print "\t.ascii \"Solo5\\0\\0\\0\""
}

function entry(type, name) {
  print "\t.ascii \"" name "\""
  print "\t.skip 68 - " length(name)
  print "\t.long " type
  print "\t.skip 32"
}

$1 == guest && !/^#/ {
  count = 0
  for (field = 5; field <= NF; field++) {
    split($field, device, /[:*]/)
    type = device[1] == "block" ? 1 : device[1] == "net" ? 2 : 0
    if (!type) exit 1
    if ($field !~ /\*/) { types[++count] = type; names[count] = device[2]; continue }
    for (i = 0; i < device[3]; i++) { types[++count] = type; names[count] = device[2] i }
  }
  if (count > 63) exit 1
  note(".note.abi", "0x31494241", 16)
  print "\t.long 1, " $4 ", 0, 0"
  note(".note.manifest", "0x3154464d", 4 + 8 + 104 * (count + 1))
  print "\t.long 0, 1, " count + 1
  entry("0x40000000", "")
  for (i = 1; i <= count; i++) entry(types[i], names[i])
  found = 1
}

END { if (!found) exit 1 }
