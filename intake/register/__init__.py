"""A register of past cases that was kept elsewhere: read, checked row by row, and told in words.

Pure: bytes and plain descriptions of the rules in, plain rows and faults out. `columns` says what a register
holds, `reading` turns a CSV or XLSX file into rows of cells, `checking` turns those into `Row` values or
`Fault`s, `covering` reads what a register is said to record. A fault never repeats a complainant or a summary.
"""
