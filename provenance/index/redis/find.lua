-- Return the state of an index, and the documents of each key that is asked for.
--
-- KEYS: the prefix. ARGV: the keys, each a bucket of 3 bytes and a field; the bytes of a field.
-- Returns the last and the first number, the epoch, how many keys are common, the count of
-- documents of each key (2 bytes each), and their numbers (4 bytes each, least first).
local prefix = KEYS[1]
local asked, width = ARGV[1], tonumber(ARGV[2])
local buckets = prefix .. ':b:'
local counts, numbers = {}, {}
for at = 1, #asked, 3 + width do
  local held = redis.call('HGET', buckets .. string.sub(asked, at, at + 2),
    string.sub(asked, at + 3, at + 2 + width))
  if held then
    counts[#counts + 1] = struct.pack('<I2', #held / 4)
    numbers[#numbers + 1] = held
  else
    counts[#counts + 1] = '\0\0'
  end
end
local state = redis.call('HMGET', prefix .. ':meta', 'last', 'first', 'epoch')
return {
  state[1], state[2], state[3], redis.call('LLEN', prefix .. ':common'),
  table.concat(counts), table.concat(numbers)
}
