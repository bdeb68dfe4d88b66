-- JSON as WezTerm's json_parse and json_encode do it: null is nil, `{}` is an object, a table that comes twice is null, text is UTF-8.
local json = {}

local escapes = { ['"'] = '"', ["\\"] = "\\", ["/"] = "/", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }

local function fail(text, at, why)
  error(("JSON: %s at byte %d of %d"):format(why, at, #text), 0)
end

local parseValue

local function skip(text, at)
  return text:find("[^ \t\r\n]", at) or #text + 1
end

local function parseString(text, at)
  local pieces = {}
  while true do
    local stop = text:find('["\\]', at)
    if not stop then fail(text, at, "text without an end") end
    pieces[#pieces + 1] = text:sub(at, stop - 1)
    if text:sub(stop, stop) == '"' then return table.concat(pieces), stop + 1 end
    local kind = text:sub(stop + 1, stop + 1)
    if kind == "u" then
      local code = tonumber(text:sub(stop + 2, stop + 5), 16)
      if not code then fail(text, stop, "bad escape") end
      at = stop + 6
      if code >= 0xd800 and code < 0xe000 then
        local low = tonumber(text:match("^\\u(%x%x%x%x)", at) or "", 16)
        if code >= 0xdc00 or not low or low < 0xdc00 or low >= 0xe000 then fail(text, stop, "half a surrogate pair") end
        code = 0x10000 + (code - 0xd800) * 0x400 + (low - 0xdc00)
        at = at + 6
      end
      pieces[#pieces + 1] = utf8.char(code)
    else
      pieces[#pieces + 1] = escapes[kind] or fail(text, stop, "bad escape")
      at = stop + 2
    end
  end
end

local function parseList(text, at, close, item)
  at = skip(text, at)
  if text:sub(at, at) == close then return at + 1 end
  while true do
    at = skip(text, item(at))
    local sign = text:sub(at, at)
    if sign == close then return at + 1 end
    if sign ~= "," then fail(text, at, "a comma is missing") end
    at = skip(text, at + 1)
  end
end

function parseValue(text, at)
  at = skip(text, at)
  local first = text:sub(at, at)
  if first == '"' then return parseString(text, at + 1) end
  if first == "{" then
    local object = {}
    at = parseList(text, at + 1, "}", function(from)
      local key, after = parseString(text, from + 1)
      after = skip(text, after)
      if text:sub(after, after) ~= ":" then fail(text, after, "a colon is missing") end
      object[key], after = parseValue(text, after + 1)
      return after
    end)
    return object, at
  end
  if first == "[" then
    local list, count = {}, 0
    at = parseList(text, at + 1, "]", function(from)
      count = count + 1
      list[count], from = parseValue(text, from)
      return from
    end)
    return list, at
  end
  for word, value in pairs({ ["true"] = true, ["false"] = false }) do
    if text:sub(at, at + #word - 1) == word then return value, at + #word end
  end
  if text:sub(at, at + 3) == "null" then return nil, at + 4 end
  local number = text:match("^-?%d+%.?%d*[eE]?[+-]?%d*", at)
  if not number then fail(text, at, "no value") end
  return math.tointeger(number) or tonumber(number), at + #number
end

function json.parse(text)
  if type(text) ~= "string" then error("JSON: text was expected", 0) end
  local value, at = parseValue(text, 1)
  if skip(text, at) <= #text then fail(text, at, "more than one value") end
  return value
end

local function quote(text)
  if not utf8.len(text) then error("JSON: invalid utf-8 sequence", 0) end
  return '"' .. text:gsub('[%c"\\\127]', function(c)
    return ('\\u%04x'):format(c:byte())
  end) .. '"'
end

local function encode(value, seen)
  local kind = type(value)
  if kind == "nil" then return "null" end
  if kind == "boolean" then return tostring(value) end
  if kind == "string" then return quote(value) end
  if kind == "number" then
    return math.type(value) == "integer" and ("%d"):format(value) or ("%.17g"):format(value)
  end
  if kind ~= "table" then error("JSON: cannot encode a " .. kind, 0) end
  if seen[value] then return "null" end
  seen[value] = true
  local pieces = {}
  if value[1] ~= nil then
    for _, item in ipairs(value) do pieces[#pieces + 1] = encode(item, seen) end
    return "[" .. table.concat(pieces, ",") .. "]"
  end
  for key, item in pairs(value) do pieces[#pieces + 1] = quote(tostring(key)) .. ":" .. encode(item, seen) end
  return "{" .. table.concat(pieces, ",") .. "}"
end

function json.encode(value)
  return encode(value, {})
end

return json
