-- What WezTerm takes for a configuration, as far as the plugin touches it (config/src/{config,lua,ssh,tls,unix,keys}.rs).
local objects = require("objects")

local config = {}
local text, whole = objects.text, objects.whole

local function flag(value, what)
  if type(value) ~= "boolean" then error(what .. ": a boolean was expected", 0) end
end

local function listOf(check)
  return function(value, what)
    if type(value) ~= "table" then error(what .. ": an array was expected", 0) end
    for index, item in ipairs(value) do check(item, what .. "[" .. index .. "]") end
  end
end

local function record(fields, required)
  return function(value, what)
    objects.fields(value, fields, what)
    for _, name in ipairs(required) do
      if value[name] == nil then error(("missing field `%s` in %s"):format(name, what), 0) end
    end
  end
end

local function oneOf(...)
  local names = { ... }
  return function(value, what)
    for _, name in ipairs(names) do if value == name then return end end
    error(("`%s` is not a valid %s variant"):format(tostring(value), what), 0)
  end
end

local function number(value, what)
  if type(value) ~= "number" then error(what .. ": a number was expected", 0) end
end

local function map(value, what)
  if type(value) ~= "table" then error(what .. ": a table was expected", 0) end
  for name, item in pairs(value) do
    text(name, what)
    text(item, what)
  end
end

local function domainName(value, what)
  text(value, what)
  if value == "local" then error('"local" is a built-in domain and cannot be redefined', 0) end
  if value == "" then error("the empty string is an invalid domain name", 0) end
end

local anything = function() end
local keyBinding = record({ key = text, mods = text, action = anything }, { "key", "action" })

local fields = {
  keys = listOf(keyBinding),
  key_tables = function(value, what)
    for name, list in pairs(value) do listOf(keyBinding)(list, what .. "." .. text(name, what)) end
  end,
  leader = record({ key = text, mods = text, timeout_milliseconds = whole }, { "key" }),
  disable_default_key_bindings = flag,
  status_update_interval = whole,
  ssh_domains = listOf(record({
    name = domainName,
    remote_address = text,
    no_agent_auth = flag,
    username = text,
    connect_automatically = flag,
    timeout = number,
    local_echo_threshold_ms = whole,
    overlay_lag_indicator = flag,
    remote_wezterm_path = text,
    override_proxy_command = text,
    ssh_backend = oneOf("Ssh2", "LibSsh"),
    multiplexing = oneOf("WezTerm", "None"),
    ssh_option = map,
    default_prog = listOf(text),
    assume_shell = oneOf("Unknown", "Posix"),
  }, { "name", "remote_address" })),
  tls_clients = listOf(record({
    name = domainName,
    bootstrap_via_ssh = text,
    remote_address = text,
    pem_private_key = text,
    pem_cert = text,
    pem_ca = text,
    pem_root_certs = listOf(text),
    accept_invalid_hostnames = flag,
    expected_cn = text,
    connect_automatically = flag,
    read_timeout = number,
    write_timeout = number,
    local_echo_threshold_ms = whole,
    remote_wezterm_path = text,
    overlay_lag_indicator = flag,
  }, { "name", "remote_address" })),
  unix_domains = listOf(function(value, what) domainName(value.name, what) end),
  exec_domains = listOf(function(value, what) domainName(value.name, what) end),
  wsl_domains = listOf(function(value, what) domainName(value.name, what) end),
}

local function checkField(name, value, what)
  local check = fields[name]
  if not check then error(("`%s` is not a valid Config field"):format(tostring(name)), 0) end
  check(value, what)
end

--- `wezterm.config_builder()`: checks a field when it is set for the first time, and never again.
function config.builder(warn)
  local builder = {}
  local mt = { __strict_mode = true }
  mt.set_strict_mode = function(self, strict) getmetatable(self).__strict_mode = strict end
  mt.__index = function(_, key) return mt[key] end
  mt.__newindex = function(self, key, value)
    local ok, message = pcall(checkField, key, value, key)
    local isUnknown = not fields[key] or (not ok and tostring(message):find("is not a valid", 1, true))
    if not ok and (mt.__strict_mode or not isUnknown) then error("error converting Lua table to Config (Config::from_dynamic: " .. tostring(message) .. ")", 0) end
    if not ok then warn(tostring(message)) end
    if fields[key] then rawset(self, key, value) end
  end
  return setmetatable(builder, mt)
end

--- What WezTerm makes of `~/.ssh/config`.
function config.defaultSshDomains(hosts)
  local all = {}
  for _, kind in ipairs({ { "SSH:", "None" }, { "SSHMUX:", "WezTerm" } }) do
    for _, host in ipairs(hosts) do
      all[#all + 1] = { name = kind[1] .. host, remote_address = host, multiplexing = kind[2], timeout = 60.0, local_echo_threshold_ms = 10, ssh_option = {} }
    end
  end
  return all
end

--- The whole configuration, as it is read at its end: one wrong field or a domain's name that is there twice refuses all of it.
function config.check(given, hosts)
  for name in pairs(fields) do
    local value = rawget(given, name)
    if value ~= nil then fields[name](value, name) end
  end
  local names = {}
  local unix = rawget(given, "unix_domains") or { { name = "unix" } }
  local ssh = rawget(given, "ssh_domains")
  for _, list in ipairs({ unix, ssh or {}, rawget(given, "exec_domains") or {}, rawget(given, "wsl_domains") or {}, rawget(given, "tls_clients") or {} }) do
    for _, domain in ipairs(list) do
      if names[domain.name] then error(('domain with name "%s" conflicts with another existing domain with the same name'):format(domain.name), 0) end
      names[domain.name] = true
    end
  end
  for _, domain in ipairs(ssh or config.defaultSshDomains(hosts)) do names[domain.name] = true end
  return names
end

return config
