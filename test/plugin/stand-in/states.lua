-- Lua states as WezTerm makes them: one for each evaluation of the configuration, of which the published one gets the events.
local actions = require("actions")
local config = require("config")
local gui = require("gui")
local json = require("json")
local objects = require("objects")
local tasks = require("tasks")

local states = { generation = 0, published = nil, environment = {}, pid = 4711, isGui = true, timeOffset = 0, bundle = nil, defaultKeys = {}, sshHosts = {}, isOld = false }
local shared = objects.shared({})

--- Set by main.lua: reads and handles one message of the driver.
states.readMessage = nil

local function log(level)
  return function(...)
    local words = {}
    for index, word in ipairs({ ... }) do words[index] = tostring(word) end
    tasks.send({ event = "log", level = level, text = table.concat(words, " ") })
  end
end


local function child(kind)
  return tasks.async(function(finish, args)
    if type(args) ~= "table" or args[1] == nil then os.exit(134) end
    for _, arg in ipairs(args) do objects.text(arg, "args") end
    tasks.outside({ event = "child", kind = kind, args = args }, function(ok, ...) finish(ok, ...) end)
  end)
end

local function format(items)
  local pieces = {}
  for _, item in ipairs(items) do
    if item == "ResetAttributes" then pieces[#pieces + 1] = "\27[0m"
    elseif item.Text then pieces[#pieces + 1] = objects.text(item.Text, "Text")
    elseif item.Foreground then pieces[#pieces + 1] = "\27[38;5;" .. #objects.text(item.Foreground.AnsiColor, "AnsiColor") .. "m"
    elseif not item.Attribute then error("not a FormatItem", 0) end
  end
  return table.concat(pieces) .. "\27[0m"
end

local function schedule(state, generation, seconds, callback)
  tasks.outside({ event = "timer", ms = seconds * 1000 }, function()
    -- Skipped when the configuration was reloaded in between.
    if states.generation ~= generation then return end
    state.run({ callback }, "call_after", function() end)
  end)
end

local function module(state)
  local wezterm = {
    version = "20250223-062404-4ff581a8",
    home_dir = states.environment.HOME,
    executable_dir = states.executableFolder or "/usr/bin",
    target_triple = "x86_64-unknown-linux-gnu",
    GLOBAL = shared,
    action = actions,
    format = format,
    hostname = function() return "here" end,
    json_parse = json.parse,
    json_encode = json.encode,
    log_info = log("info"),
    log_warn = log("warn"),
    log_error = log("error"),
    column_width = function(text) return utf8.len(objects.text(text, "column_width")) end,
    truncate_right = function(text, columns)
      objects.text(text, "truncate_right")
      return text:sub(1, (utf8.offset(text, objects.whole(columns, "columns") + 1) or #text + 1) - 1)
    end,
    has_action = function(name) return name ~= "Confirmation" end,
    procinfo = { pid = function() return states.pid end },
    run_child_process = child("child"),
    background_child_process = child("background"),
    sleep_ms = tasks.async(function(finish, ms) tasks.outside({ event = "timer", ms = objects.whole(ms, "sleep_ms") }, finish) end),
    glob = tasks.async(function(finish, pattern)
      tasks.outside({ event = "child", kind = "glob", args = { pattern } }, function(_, _, output)
        local found = {}
        -- In no order.
        for line in output:gmatch("[^\n]+") do table.insert(found, #found % 2 + 1, line) end
        finish(true, found)
      end)
    end),
  }
  wezterm.on = function(name, handler)
    if type(handler) ~= "function" then error("wezterm.on: a function was expected", 0) end
    state.handlers[name] = state.handlers[name] or {}
    table.insert(state.handlers[name], handler)
  end
  wezterm.emit = tasks.async(function(finish, name, ...)
    state.run(state.handlers[name] or {}, name, function(ok, result) finish(ok, result) end, ...)
  end)
  wezterm.time = {
    call_after = function(seconds, callback)
      state.callbacks = state.callbacks + 1
      if state.isEvent then schedule(state, states.generation, seconds, callback)
      else table.insert(state.scheduled, { seconds, callback }) end
    end,
  }
  wezterm.mux = {
    get_pane = function(id)
      if not gui.panes[id] then error(("pane id %s not found in mux"):format(id), 0) end
      return gui.wrapPane(gui.panes[id])
    end,
    get_active_workspace = function() return gui.workspace end,
    set_active_workspace = function(name) gui.workspace = name end,
    all_windows = function()
      local all = {}
      for _, window in pairs(gui.windows) do all[#all + 1] = gui.wrapMuxWindow(window) end
      return all
    end,
    -- Made when the process starts, and never afterwards.
    get_domain = function(name)
      return states.domains[name] and objects.new({ name = function() return name end }) or nil
    end,
  }
  wezterm.config_builder = function() return config.builder(log("warn")) end
  wezterm.default_ssh_domains = function() return config.defaultSshDomains(states.sshHosts) end
  if states.isOld then wezterm.default_ssh_domains, wezterm.has_action = nil, nil end
  if states.isGui then
    wezterm.gui = {
      gui_windows = function()
        local all = {}
        for _, window in pairs(gui.windows) do all[#all + 1] = gui.wrapWindow(window) end
        return all
      end,
      default_keys = function()
        state.defaultKeysAsked = true
        return states.defaultKeys
      end,
    }
  end
  return wezterm
end

--- What a configuration sees: Lua 5.4 without `debug`, with WezTerm's own getenv and the module.
local function sandbox(state, wezterm)
  local env = {}
  for name, value in pairs(_G) do env[name] = value end
  env._G, env.debug, env.type = env, nil, objects.type
  env.print = log("info")
  env.os = setmetatable({
    getenv = function(name)
      -- The GUI's socket is known to handlers only.
      if name == "WEZTERM_UNIX_SOCKET" and not state.isEvent then return nil end
      local value = states.environment[name]
      if value and value:find("^NOT%-UTF%-8") then error(("env var %s is not representable as UTF-8"):format(name), 0) end
      return value
    end,
    time = function(...) return ... and os.time(...) or os.time() + states.timeOffset end,
  }, { __index = os })
  env.require = function(name)
    if name == "wezterm" then return wezterm end
    error(("module '%s' not found"):format(name), 0)
  end
  wezterm.plugin = {
    require = function(url)
      local result
      -- A required file runs behind a call of C: what yields at its top level raises.
      string.gsub("x", "x", function()
        local chunk = assert(load(states.bundle, "@" .. url, "t", env))
        result = chunk("octo", states.bundleFile)
      end)
      return result
    end,
  }
  return env
end

--- Evaluates the configuration in a new Lua state.
function states.evaluate(source)
  local state = { handlers = {}, scheduled = {}, callbacks = 0, isEvent = false }
  function state.run(handlers, name, finish, ...)
    state.isEvent = true
    local arguments = table.pack(...)
    tasks.spawn(function()
      for _, handler in ipairs(handlers) do
        if handler(table.unpack(arguments, 1, arguments.n)) == false then return false end
      end
      return true
    end, function(ok, result)
      if not ok then log("error")("while processing " .. name .. " event: " .. tostring(result)) end
      finish(ok, result)
    end)
  end
  local env = sandbox(state, module(state))
  local chunk = assert(load(source, "@wezterm.lua", "t", env))
  state.config = tasks.block(chunk, states.readMessage)
  if type(state.config) ~= "table" then error("the configuration gives no table", 0) end
  local domains = config.check(state.config, states.sshHosts)
  states.domains = states.domains or domains
  return state
end

function states.publish(state)
  states.published = state
  states.generation = states.generation + 1
  for _, each in ipairs(state.scheduled) do schedule(state, states.generation, each[1], each[2]) end
  state.scheduled = {}
end

function gui.keyTables()
  return states.published.config.key_tables or {}
end

--- Every handler, in its coroutine.
function gui.emit(name, finish, ...)
  local state = states.published
  state.run(state.handlers[name] or {}, name, finish, ...)
end

--- The first handler only, outside of any coroutine.
function states.emitSync(name, ...)
  local handler = (states.published.handlers[name] or {})[1]
  return handler and handler(...)
end

return states
