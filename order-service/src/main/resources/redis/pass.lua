-- Goes past a record that changes nothing.
return applied()
