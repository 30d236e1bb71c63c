# Nothing: what starting and ending takes.
