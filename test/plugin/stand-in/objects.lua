-- Things that Lua sees as userdata, and what WezTerm's Rust side takes for text, whole numbers and values of its own.
local objects = {}

local userdata = setmetatable({}, { __mode = "k" })

function objects.new(methods, fields)
  local object = setmetatable({}, {
    __index = function(_, key)
      if fields and fields[key] ~= nil then return fields[key] end
      return methods[key]
    end,
    __newindex = function() error("cannot set a field of userdata", 2) end,
    __tostring = function() return "userdata" end,
  })
  userdata[object] = true
  return object
end

--- `type` as a configuration sees it.
function objects.type(value)
  if userdata[value] then return "userdata" end
  return type(value)
end

function objects.text(value, what)
  if type(value) == "number" then return tostring(value) end
  if type(value) ~= "string" then error(("error converting Lua %s to String (%s)"):format(type(value), what), 0) end
  if not utf8.len(value) then error(("error converting Lua string to String (invalid utf-8: %s)"):format(what), 0) end
  return value
end

function objects.whole(value, what)
  if math.type(value) ~= "integer" then
    error(("Cannot convert `%s` to `u64` (%s)"):format(math.type(value) == "float" and "F64" or type(value), what), 0)
  end
  return value
end

--- A table whose fields must be among `known`; each with its check.
function objects.fields(value, known, what)
  if type(value) ~= "table" then error(what .. ": a table was expected", 0) end
  for key in pairs(value) do
    if not known[key] then error(("`%s` is not a valid %s field"):format(tostring(key), what), 0) end
  end
  for key, check in pairs(known) do
    if value[key] ~= nil then check(value[key], what .. "." .. key) end
  end
  return value
end

local function share(value)
  local kind = objects.type(value)
  if kind == "string" then return objects.text(value, "GLOBAL") end
  if kind == "number" or kind == "boolean" or kind == "nil" then return value end
  if kind ~= "table" then error("cannot convert a " .. kind .. " to a value of GLOBAL", 0) end
  local stored = {}
  for key, item in pairs(value) do stored[key] = share(item) end
  return objects.shared(stored)
end

--- A table of `wezterm.GLOBAL`: userdata that outlives Lua states. A cyclic table ends the process, as it ends WezTerm.
function objects.shared(stored)
  local proxy = setmetatable({}, {
    __index = function(_, key) return stored[key] end,
    __newindex = function(_, key, value)
      local ok, shared = pcall(share, value)
      if not ok and tostring(shared):find("stack overflow", 1, true) then os.exit(134) end
      if not ok then error(shared, 0) end
      stored[key] = shared
    end,
    __len = function() return #stored end,
  })
  userdata[proxy] = true
  return proxy
end

return objects
