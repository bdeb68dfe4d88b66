-- Generated from plugin/*.ts by "npm run build:plugin": edit those.
local debug = debug or { getinfo = function() end, traceback = function(_, message) return message end }

local ____modules = {}
local ____moduleCache = {}
local ____originalRequire = require
local function require(file, ...)
    if ____moduleCache[file] then
        return ____moduleCache[file].value
    end
    if ____modules[file] then
        local module = ____modules[file]
        local value = nil
        if (select("#", ...) > 0) then value = module(...) else value = module(file) end
        ____moduleCache[file] = { value = value }
        return value
    else
        if ____originalRequire then
            return ____originalRequire(file)
        else
            error("module '" .. file .. "' not found")
        end
    end
end
____modules = {
["lualib_bundle"] = function(...) 
local __TS__StringSplit
do
    local sub = string.sub
    local find = string.find
    function __TS__StringSplit(source, separator, limit)
        if limit == nil then
            limit = 4294967295
        end
        if limit == 0 then
            return {}
        end
        local result = {}
        local resultIndex = 1
        if separator == nil or separator == "" then
            for i = 1, #source do
                result[resultIndex] = sub(source, i, i)
                resultIndex = resultIndex + 1
            end
        else
            local currentPos = 1
            while resultIndex <= limit do
                local startPos, endPos = find(source, separator, currentPos, true)
                if not startPos then
                    break
                end
                result[resultIndex] = sub(source, currentPos, startPos - 1)
                resultIndex = resultIndex + 1
                currentPos = endPos + 1
            end
            if resultIndex <= limit then
                result[resultIndex] = sub(source, currentPos)
            end
        end
        return result
    end
end

local function __TS__ArraySlice(self, first, last)
    local len = #self
    first = first or 0
    if first < 0 then
        first = len + first
        if first < 0 then
            first = 0
        end
    else
        if first > len then
            first = len
        end
    end
    last = last or len
    if last < 0 then
        last = len + last
        if last < 0 then
            last = 0
        end
    else
        if last > len then
            last = len
        end
    end
    local out = {}
    first = first + 1
    last = last + 1
    local n = 1
    while first < last do
        out[n] = self[first]
        first = first + 1
        n = n + 1
    end
    return out
end

local function __TS__StringStartsWith(self, searchString, position)
    if position == nil or position < 0 then
        position = 0
    end
    return string.sub(self, position + 1, #searchString + position) == searchString
end

local function __TS__StringEndsWith(self, searchString, endPosition)
    if endPosition == nil or endPosition > #self then
        endPosition = #self
    end
    return string.sub(self, endPosition - #searchString + 1, endPosition) == searchString
end

local function __TS__StringSlice(self, start, ____end)
    if start == nil or start ~= start then
        start = 0
    end
    if ____end ~= ____end then
        ____end = 0
    end
    if start >= 0 then
        start = start + 1
    end
    if ____end ~= nil and ____end < 0 then
        ____end = ____end - 1
    end
    return string.sub(self, start, ____end)
end

local function __TS__ArrayIsArray(value)
    return type(value) == "table" and (value[1] ~= nil or next(value) == nil)
end

local function __TS__ArrayPush(self, ...)
    local items = {...}
    local len = #self
    for i = 1, #items do
        len = len + 1
        self[len] = items[i]
    end
    return len
end

local function __TS__NumberToFixed(self, fractionDigits)
    if math.abs(self) >= 1e+21 or self ~= self then
        return tostring(self)
    end
    local f = math.floor(fractionDigits or 0)
    if f < 0 or f > 99 then
        error("toFixed() digits argument must be between 0 and 99", 0)
    end
    return string.format(
        ("%." .. tostring(f)) .. "f",
        self
    )
end

local function __TS__ArrayMap(self, callbackfn, thisArg)
    local result = {}
    for i = 1, #self do
        result[i] = callbackfn(thisArg, self[i], i - 1, self)
    end
    return result
end

local function __TS__Class(self)
    local c = {prototype = {}}
    c.prototype.__index = c.prototype
    c.prototype.constructor = c
    return c
end

local __TS__Symbol, Symbol
do
    local symbolMetatable = {__tostring = function(self)
        return ("Symbol(" .. (self.description or "")) .. ")"
    end}
    function __TS__Symbol(description)
        return setmetatable({description = description}, symbolMetatable)
    end
    Symbol = {
        asyncDispose = __TS__Symbol("Symbol.asyncDispose"),
        dispose = __TS__Symbol("Symbol.dispose"),
        iterator = __TS__Symbol("Symbol.iterator"),
        hasInstance = __TS__Symbol("Symbol.hasInstance"),
        species = __TS__Symbol("Symbol.species"),
        toStringTag = __TS__Symbol("Symbol.toStringTag")
    }
end

local __TS__Iterator
do
    local function iteratorGeneratorStep(self)
        local co = self.____coroutine
        local status, value = coroutine.resume(co)
        if not status then
            error(value, 0)
        end
        if coroutine.status(co) == "dead" then
            return
        end
        return true, value
    end
    local function iteratorIteratorStep(self)
        local result = self:next()
        if result.done then
            return
        end
        return true, result.value
    end
    local function iteratorStringStep(self, index)
        index = index + 1
        if index > #self then
            return
        end
        return index, string.sub(self, index, index)
    end
    function __TS__Iterator(iterable)
        if type(iterable) == "string" then
            return iteratorStringStep, iterable, 0
        elseif iterable.____coroutine ~= nil then
            return iteratorGeneratorStep, iterable
        elseif iterable[Symbol.iterator] then
            local iterator = iterable[Symbol.iterator](iterable)
            return iteratorIteratorStep, iterator
        else
            return ipairs(iterable)
        end
    end
end

local Map
do
    Map = __TS__Class()
    Map.name = "Map"
    function Map.prototype.____constructor(self, entries)
        self[Symbol.toStringTag] = "Map"
        self.items = {}
        self.size = 0
        self.nextKey = {}
        self.previousKey = {}
        if entries == nil then
            return
        end
        local iterable = entries
        if iterable[Symbol.iterator] then
            local iterator = iterable[Symbol.iterator](iterable)
            while true do
                local result = iterator:next()
                if result.done then
                    break
                end
                local value = result.value
                self:set(value[1], value[2])
            end
        else
            local array = entries
            for ____, kvp in ipairs(array) do
                self:set(kvp[1], kvp[2])
            end
        end
    end
    function Map.prototype.clear(self)
        self.items = {}
        self.nextKey = {}
        self.previousKey = {}
        self.firstKey = nil
        self.lastKey = nil
        self.size = 0
    end
    function Map.prototype.delete(self, key)
        local contains = self:has(key)
        if contains then
            self.size = self.size - 1
            local next = self.nextKey[key]
            local previous = self.previousKey[key]
            if next ~= nil and previous ~= nil then
                self.nextKey[previous] = next
                self.previousKey[next] = previous
            elseif next ~= nil then
                self.firstKey = next
                self.previousKey[next] = nil
            elseif previous ~= nil then
                self.lastKey = previous
                self.nextKey[previous] = nil
            else
                self.firstKey = nil
                self.lastKey = nil
            end
            self.nextKey[key] = nil
            self.previousKey[key] = nil
        end
        self.items[key] = nil
        return contains
    end
    function Map.prototype.forEach(self, callback)
        for ____, key in __TS__Iterator(self:keys()) do
            callback(nil, self.items[key], key, self)
        end
    end
    function Map.prototype.get(self, key)
        return self.items[key]
    end
    function Map.prototype.has(self, key)
        return self.nextKey[key] ~= nil or self.lastKey == key
    end
    function Map.prototype.set(self, key, value)
        local isNewValue = not self:has(key)
        if isNewValue then
            self.size = self.size + 1
        end
        self.items[key] = value
        if self.firstKey == nil then
            self.firstKey = key
            self.lastKey = key
        elseif isNewValue then
            self.nextKey[self.lastKey] = key
            self.previousKey[key] = self.lastKey
            self.lastKey = key
        end
        return self
    end
    Map.prototype[Symbol.iterator] = function(self)
        return self:entries()
    end
    function Map.prototype.entries(self)
        local function getFirstKey()
            return self.firstKey
        end
        local items = self.items
        local nextKey = self.nextKey
        local key
        local started = false
        return {
            [Symbol.iterator] = function(self)
                return self
            end,
            next = function(self)
                if not started then
                    started = true
                    key = getFirstKey(nil)
                else
                    key = nextKey[key]
                end
                return {done = not key, value = {key, items[key]}}
            end
        }
    end
    function Map.prototype.keys(self)
        local function getFirstKey()
            return self.firstKey
        end
        local nextKey = self.nextKey
        local key
        local started = false
        return {
            [Symbol.iterator] = function(self)
                return self
            end,
            next = function(self)
                if not started then
                    started = true
                    key = getFirstKey(nil)
                else
                    key = nextKey[key]
                end
                return {done = not key, value = key}
            end
        }
    end
    function Map.prototype.values(self)
        local function getFirstKey()
            return self.firstKey
        end
        local items = self.items
        local nextKey = self.nextKey
        local key
        local started = false
        return {
            [Symbol.iterator] = function(self)
                return self
            end,
            next = function(self)
                if not started then
                    started = true
                    key = getFirstKey(nil)
                else
                    key = nextKey[key]
                end
                return {done = not key, value = items[key]}
            end
        }
    end
    Map[Symbol.species] = Map
end

local function __TS__New(target, ...)
    local instance = setmetatable({}, target.prototype)
    instance:____constructor(...)
    return instance
end

local function __TS__ArrayIncludes(self, searchElement, fromIndex)
    if fromIndex == nil then
        fromIndex = 0
    end
    local len = #self
    local k = fromIndex
    if fromIndex < 0 then
        k = len + fromIndex
    end
    if k < 0 then
        k = 0
    end
    for i = k + 1, len do
        if self[i] == searchElement then
            return true
        end
    end
    return false
end

local Set
do
    Set = __TS__Class()
    Set.name = "Set"
    function Set.prototype.____constructor(self, values)
        self[Symbol.toStringTag] = "Set"
        self.size = 0
        self.nextKey = {}
        self.previousKey = {}
        if values == nil then
            return
        end
        local iterable = values
        if iterable[Symbol.iterator] then
            local iterator = iterable[Symbol.iterator](iterable)
            while true do
                local result = iterator:next()
                if result.done then
                    break
                end
                self:add(result.value)
            end
        else
            local array = values
            for ____, value in ipairs(array) do
                self:add(value)
            end
        end
    end
    function Set.prototype.add(self, value)
        local isNewValue = not self:has(value)
        if isNewValue then
            self.size = self.size + 1
        end
        if self.firstKey == nil then
            self.firstKey = value
            self.lastKey = value
        elseif isNewValue then
            self.nextKey[self.lastKey] = value
            self.previousKey[value] = self.lastKey
            self.lastKey = value
        end
        return self
    end
    function Set.prototype.clear(self)
        self.nextKey = {}
        self.previousKey = {}
        self.firstKey = nil
        self.lastKey = nil
        self.size = 0
    end
    function Set.prototype.delete(self, value)
        local contains = self:has(value)
        if contains then
            self.size = self.size - 1
            local next = self.nextKey[value]
            local previous = self.previousKey[value]
            if next ~= nil and previous ~= nil then
                self.nextKey[previous] = next
                self.previousKey[next] = previous
            elseif next ~= nil then
                self.firstKey = next
                self.previousKey[next] = nil
            elseif previous ~= nil then
                self.lastKey = previous
                self.nextKey[previous] = nil
            else
                self.firstKey = nil
                self.lastKey = nil
            end
            self.nextKey[value] = nil
            self.previousKey[value] = nil
        end
        return contains
    end
    function Set.prototype.forEach(self, callback)
        for ____, key in __TS__Iterator(self:keys()) do
            callback(nil, key, key, self)
        end
    end
    function Set.prototype.has(self, value)
        return self.nextKey[value] ~= nil or self.lastKey == value
    end
    Set.prototype[Symbol.iterator] = function(self)
        return self:values()
    end
    function Set.prototype.entries(self)
        local function getFirstKey()
            return self.firstKey
        end
        local nextKey = self.nextKey
        local key
        local started = false
        return {
            [Symbol.iterator] = function(self)
                return self
            end,
            next = function(self)
                if not started then
                    started = true
                    key = getFirstKey(nil)
                else
                    key = nextKey[key]
                end
                return {done = not key, value = {key, key}}
            end
        }
    end
    function Set.prototype.keys(self)
        local function getFirstKey()
            return self.firstKey
        end
        local nextKey = self.nextKey
        local key
        local started = false
        return {
            [Symbol.iterator] = function(self)
                return self
            end,
            next = function(self)
                if not started then
                    started = true
                    key = getFirstKey(nil)
                else
                    key = nextKey[key]
                end
                return {done = not key, value = key}
            end
        }
    end
    function Set.prototype.values(self)
        local function getFirstKey()
            return self.firstKey
        end
        local nextKey = self.nextKey
        local key
        local started = false
        return {
            [Symbol.iterator] = function(self)
                return self
            end,
            next = function(self)
                if not started then
                    started = true
                    key = getFirstKey(nil)
                else
                    key = nextKey[key]
                end
                return {done = not key, value = key}
            end
        }
    end
    function Set.prototype.union(self, other)
        local result = __TS__New(Set, self)
        for ____, item in __TS__Iterator(other) do
            result:add(item)
        end
        return result
    end
    function Set.prototype.intersection(self, other)
        local result = __TS__New(Set)
        for ____, item in __TS__Iterator(self) do
            if other:has(item) then
                result:add(item)
            end
        end
        return result
    end
    function Set.prototype.difference(self, other)
        local result = __TS__New(Set, self)
        for ____, item in __TS__Iterator(other) do
            result:delete(item)
        end
        return result
    end
    function Set.prototype.symmetricDifference(self, other)
        local result = __TS__New(Set, self)
        for ____, item in __TS__Iterator(other) do
            if self:has(item) then
                result:delete(item)
            else
                result:add(item)
            end
        end
        return result
    end
    function Set.prototype.isSubsetOf(self, other)
        for ____, item in __TS__Iterator(self) do
            if not other:has(item) then
                return false
            end
        end
        return true
    end
    function Set.prototype.isSupersetOf(self, other)
        for ____, item in __TS__Iterator(other) do
            if not self:has(item) then
                return false
            end
        end
        return true
    end
    function Set.prototype.isDisjointFrom(self, other)
        for ____, item in __TS__Iterator(self) do
            if other:has(item) then
                return false
            end
        end
        return true
    end
    Set[Symbol.species] = Set
end

local function __TS__CountVarargs(...)
    return select("#", ...)
end

local function __TS__SparseArrayNew(...)
    local sparseArray = {...}
    sparseArray.sparseLength = __TS__CountVarargs(...)
    return sparseArray
end

local function __TS__SparseArrayPush(sparseArray, ...)
    local args = {...}
    local argsLen = __TS__CountVarargs(...)
    local listLen = sparseArray.sparseLength
    for i = 1, argsLen do
        sparseArray[listLen + i] = args[i]
    end
    sparseArray.sparseLength = listLen + argsLen
end

local function __TS__SparseArraySpread(sparseArray)
    local _unpack = unpack or table.unpack
    return _unpack(sparseArray, 1, sparseArray.sparseLength)
end

local function __TS__ArrayFind(self, predicate, thisArg)
    for i = 1, #self do
        local elem = self[i]
        if predicate(thisArg, elem, i - 1, self) then
            return elem
        end
    end
    return nil
end

local function __TS__ArraySome(self, callbackfn, thisArg)
    for i = 1, #self do
        if callbackfn(thisArg, self[i], i - 1, self) then
            return true
        end
    end
    return false
end

local function __TS__ObjectAssign(target, ...)
    local sources = {...}
    for i = 1, #sources do
        local source = sources[i]
        if type(source) == "table" then
            for key in pairs(source) do
                target[key] = source[key]
            end
        end
    end
    return target
end

local function __TS__ArrayFilter(self, callbackfn, thisArg)
    local result = {}
    local len = 0
    for i = 1, #self do
        if callbackfn(thisArg, self[i], i - 1, self) then
            len = len + 1
            result[len] = self[i]
        end
    end
    return result
end

local function __TS__StringAccess(self, index)
    if index >= 0 and index < #self then
        return string.sub(self, index + 1, index + 1)
    end
end

local __TS__Unpack = table.unpack or unpack

local function __TS__Spread(iterable)
    local arr = {}
    if type(iterable) == "string" then
        for i = 0, #iterable - 1 do
            arr[i + 1] = __TS__StringAccess(iterable, i)
        end
    else
        local len = 0
        for ____, item in __TS__Iterator(iterable) do
            len = len + 1
            arr[len] = item
        end
    end
    return __TS__Unpack(arr)
end

local function __TS__ArrayUnshift(self, ...)
    local items = {...}
    local numItemsToInsert = #items
    if numItemsToInsert == 0 then
        return #self
    end
    for i = #self, 1, -1 do
        self[i + numItemsToInsert] = self[i]
    end
    for i = 1, numItemsToInsert do
        self[i] = items[i]
    end
    return #self
end

local function __TS__ArrayPushArray(self, items)
    local len = #self
    for i = 1, #items do
        len = len + 1
        self[len] = items[i]
    end
    return len
end

local function __TS__ArrayForEach(self, callbackFn, thisArg)
    for i = 1, #self do
        callbackFn(thisArg, self[i], i - 1, self)
    end
end

local function __TS__ArrayIndexOf(self, searchElement, fromIndex)
    if fromIndex == nil then
        fromIndex = 0
    end
    local len = #self
    if len == 0 then
        return -1
    end
    if fromIndex >= len then
        return -1
    end
    if fromIndex < 0 then
        fromIndex = len + fromIndex
        if fromIndex < 0 then
            fromIndex = 0
        end
    end
    for i = fromIndex + 1, len do
        if self[i] == searchElement then
            return i - 1
        end
    end
    return -1
end

local function __TS__ArraySort(self, compareFn)
    if compareFn ~= nil then
        table.sort(
            self,
            function(a, b) return compareFn(nil, a, b) < 0 end
        )
    else
        table.sort(self)
    end
    return self
end

return {
  __TS__StringSplit = __TS__StringSplit,
  __TS__ArraySlice = __TS__ArraySlice,
  __TS__StringStartsWith = __TS__StringStartsWith,
  __TS__StringEndsWith = __TS__StringEndsWith,
  __TS__StringSlice = __TS__StringSlice,
  __TS__ArrayIsArray = __TS__ArrayIsArray,
  __TS__ArrayPush = __TS__ArrayPush,
  __TS__NumberToFixed = __TS__NumberToFixed,
  __TS__ArrayMap = __TS__ArrayMap,
  Map = Map,
  __TS__Iterator = __TS__Iterator,
  __TS__New = __TS__New,
  __TS__ArrayIncludes = __TS__ArrayIncludes,
  Set = Set,
  __TS__SparseArrayNew = __TS__SparseArrayNew,
  __TS__SparseArrayPush = __TS__SparseArrayPush,
  __TS__SparseArraySpread = __TS__SparseArraySpread,
  __TS__ArrayFind = __TS__ArrayFind,
  __TS__ArraySome = __TS__ArraySome,
  __TS__ObjectAssign = __TS__ObjectAssign,
  __TS__ArrayFilter = __TS__ArrayFilter,
  __TS__Spread = __TS__Spread,
  __TS__ArrayUnshift = __TS__ArrayUnshift,
  __TS__ArrayPushArray = __TS__ArrayPushArray,
  __TS__ArrayForEach = __TS__ArrayForEach,
  __TS__ArrayIndexOf = __TS__ArrayIndexOf,
  __TS__ArraySort = __TS__ArraySort
}
 end,
["plugin.attempt"] = function(...) 
local ____exports = {}
local firstLine
function firstLine(text)
    local line = string.match(text, "^[^\n]*")
    return line or ""
end
function ____exports.attempt(run)
    local ok, result = pcall(run)
    return ok and ({ok = true, value = result}) or ({
        ok = false,
        message = firstLine(tostring(result))
    })
end
return ____exports
 end,
["plugin.commands"] = function(...) 
local ____exports = {}
local function command(name, key, brief, icon)
    return {name = name, key = key, brief = brief, icon = icon}
end
____exports.commands = {
    command("dispatch", "d", "dispatch a prompt", "md_send"),
    command("dispatch_to", "D", "dispatch a prompt, choosing where", "md_send_check"),
    command("compose", "e", "compose a prompt in the editor", "md_pencil"),
    command("new_instance", "n", "start a new instance", "md_plus"),
    command("tasks", "t", "tasks", "md_format_list_checks"),
    command("instances", "i", "instances", "md_server"),
    command("asks", "a", "answer what waits for you", "md_help_circle"),
    command("jump", "j", "jump to the next pane that needs you", "md_arrow_right_bold"),
    command("reply", "r", "reply to the task shown here", "md_reply"),
    command("cancel", "x", "cancel a task", "md_close"),
    command("hosts", nil, "hosts", "md_lan"),
    command("add_host", "h", "add a host", "md_lan_connect"),
    command("board", "b", "open the board", "md_view_dashboard"),
    command("open_panes", "p", "open the panes of an earlier window again", "md_window_restore"),
    command("start_bridge", "u", "start the bridge", "md_play"),
    command("help", "?", "show the keys", "md_keyboard")
}
function ____exports.commandEvent(name)
    return "octo-run-" .. name
end
return ____exports
 end,
["plugin.gui"] = function(...) 
local ____exports = {}
local showsPane
local wezterm = require("wezterm")
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
function showsPane(window, paneId)
    local ____opt_2 = window:active_tab()
    for ____, pane in ipairs(____opt_2 and ____opt_2:panes() or ({})) do
        if pane:pane_id() == paneId then
            return true
        end
    end
    return false
end
function ____exports.guiWindows()
    local ____wezterm_0 = wezterm
    local gui = ____wezterm_0.gui
    if gui == nil then
        return {}
    end
    local found = attempt(function() return gui.gui_windows() end)
    return found.ok and found.value or ({})
end
function ____exports.activePane(window)
    local found = attempt(function() return window:mux_window():active_pane() end)
    local ____found_ok_1
    if found.ok then
        ____found_ok_1 = found.value
    else
        ____found_ok_1 = nil
    end
    return ____found_ok_1
end
function ____exports.isInView(paneId)
    for ____, window in ipairs(____exports.guiWindows()) do
        local seen = attempt(function() return showsPane(window, paneId) and window:is_focused() end)
        if seen.ok and seen.value then
            return true
        end
    end
    return false
end
function ____exports.showPane(paneId)
    local shown = attempt(function()
        local pane = wezterm.mux.get_pane(paneId)
        local window = pane:window()
        local workspace = window and window:get_workspace()
        if workspace ~= nil and workspace ~= wezterm.mux.get_active_workspace() then
            wezterm.mux.set_active_workspace(workspace)
        end
        pane:activate()
        for ____, each in ipairs(____exports.guiWindows()) do
            if each:window_id() == (window and window:window_id()) then
                each:focus()
            end
        end
    end)
    return shown.ok
end
return ____exports
 end,
["plugin.ids"] = function(...) 
local ____exports = {}
local fits
function fits(text, pattern)
    return text ~= nil and (string.find(text, pattern)) ~= nil
end
function ____exports.isTaskId(text)
    return fits(text, "^tsk_[%w_-]+$")
end
function ____exports.isInstanceId(text)
    return fits(text, "^ins_[%w_-]+$")
end
function ____exports.isAskId(text)
    return fits(text, "^[pq][eu][re]_[%w_-]+$")
end
function ____exports.isHostId(text)
    return fits(text, "^%w[%w._-]*$")
end
return ____exports
 end,
["shared.task"] = function(...) 
local ____exports = {}
____exports.strategies = {"round-robin", "least-loaded", "random"}
____exports.isolations = {"worktree", "in-place", "server"}
____exports.taskStates = {
    "queued",
    "running",
    "waiting",
    "succeeded",
    "failed",
    "cancelled"
}
____exports.attemptOutcomes = {"succeeded", "failed", "aborted", "lost"}
return ____exports
 end,
["shared.protocol"] = function(...) 
local ____exports = {}
____exports.protocolVersion = 1
____exports.routes = {
    hello = "/v1/hello",
    rpc = "/v1/rpc",
    poll = "/v1/poll",
    stream = "/v1/stream",
    paneScreen = "/v1/pane/screen",
    paneKey = "/v1/pane/key",
    paneAttach = "/v1/pane/attach",
    metrics = "/metrics"
}
____exports.limits = {
    promptBytesMax = 1024 * 1024,
    requestBytesMax = 2 * 1024 * 1024,
    pollWaitMsMax = 60000,
    clientBacklogBytesMax = 4 * 1024 * 1024,
    totalBacklogBytesMax = 32 * 1024 * 1024,
    connectionsMax = 1024,
    screenCellsMax = 250000,
    diffBytesMax = 1024 * 1024
}
return ____exports
 end,
["plugin.read"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__ArrayIsArray = ____lualib.__TS__ArrayIsArray
local ____exports = {}
function ____exports.isTable(value)
    return type(value) == "table"
end
function ____exports.textAt(from, field)
    local ____isTable_result_0
    if ____exports.isTable(from) then
        ____isTable_result_0 = from[field]
    else
        ____isTable_result_0 = nil
    end
    local value = ____isTable_result_0
    return type(value) == "string" and value or nil
end
function ____exports.numberAt(from, field)
    local ____isTable_result_1
    if ____exports.isTable(from) then
        ____isTable_result_1 = from[field]
    else
        ____isTable_result_1 = nil
    end
    local value = ____isTable_result_1
    return type(value) == "number" and value or 0
end
function ____exports.tablesAt(from, field)
    local ____isTable_result_2
    if ____exports.isTable(from) then
        ____isTable_result_2 = from[field]
    else
        ____isTable_result_2 = nil
    end
    local value = ____isTable_result_2
    if not __TS__ArrayIsArray(value) then
        return {}
    end
    local items = {}
    for ____, item in ipairs(value) do
        if ____exports.isTable(item) then
            items[#items + 1] = item
        end
    end
    return items
end
function ____exports.tableAt(from, field)
    local ____isTable_result_3
    if ____exports.isTable(from) then
        ____isTable_result_3 = from[field]
    else
        ____isTable_result_3 = nil
    end
    local value = ____isTable_result_3
    return ____exports.isTable(value) and value or nil
end
function ____exports.textsAt(from, field)
    local ____isTable_result_4
    if ____exports.isTable(from) then
        ____isTable_result_4 = from[field]
    else
        ____isTable_result_4 = nil
    end
    local value = ____isTable_result_4
    if not __TS__ArrayIsArray(value) then
        return {}
    end
    local items = {}
    for ____, item in ipairs(value) do
        if type(item) == "string" then
            items[#items + 1] = item
        end
    end
    return items
end
return ____exports
 end,
["plugin.environment"] = function(...) 
local ____exports = {}
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
function ____exports.environmentVariable(name)
    local found = attempt(function() return os.getenv(name) end)
    local ____found_ok_0
    if found.ok then
        ____found_ok_0 = found.value
    else
        ____found_ok_0 = nil
    end
    return ____found_ok_0
end
return ____exports
 end,
["plugin.folders"] = function(...) 
local ____exports = {}
local environmentFor, absolute, clean
local wezterm = require("wezterm")
local ____environment = require("plugin.environment")
local environmentVariable = ____environment.environmentVariable
function environmentFor(socket)
    local runtimeHome = table.unpack(
        socket == nil and ({nil}) or ({string.match(socket, "^(/.+)/octo/bridge%.sock$")}),
        1,
        1
    )
    return runtimeHome == nil and ({}) or ({"XDG_RUNTIME_DIR=" .. runtimeHome})
end
function absolute(path)
    return path ~= nil and string.sub(path, 1, 1) == "/" and path or nil
end
function clean(path)
    local trimmed = string.gsub(path, "/+$", "")
    return trimmed == "" and "/" or trimmed
end
function ____exports.parentOf(path)
    local parent = string.match(path, "^(.*)/[^/]*$")
    return (parent == nil or parent == "") and "/" or parent
end
local socketPathBytesMax = 100
function ____exports.octoFolders(socket)
    local home = absolute(environmentVariable("HOME")) or wezterm.home_dir
    local state = (absolute(environmentVariable("XDG_STATE_HOME")) or home .. "/.local/state") .. "/octo"
    local runtimeHome = absolute(environmentVariable("XDG_RUNTIME_DIR"))
    local socketFile = socket or (runtimeHome == nil and state or clean(runtimeHome) .. "/octo") .. "/bridge.sock"
    local bytes = #socketFile
    local trouble = bytes > socketPathBytesMax and ((((("the socket's path has " .. tostring(bytes)) .. " bytes, ") .. tostring(socketPathBytesMax)) .. " are possible: set XDG_RUNTIME_DIR to a shorter path (") .. socketFile) .. ")" or nil
    return {
        runtime = ____exports.parentOf(socketFile),
        state = state,
        socketFile = socketFile,
        environment = environmentFor(socket),
        trouble = trouble
    }
end
return ____exports
 end,
["plugin.inert"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__ArrayPush = ____lualib.__TS__ArrayPush
local ____exports = {}
local replacementCharacter
local wezterm = require("wezterm")
function ____exports.toUtf8(text)
    local pieces = {}
    local from = 1
    do
        while true do
            local badAt = select(
                2,
                utf8.len(text, from)
            )
            if badAt == nil then
                break
            end
            __TS__ArrayPush(
                pieces,
                string.sub(text, from, badAt - 1),
                replacementCharacter
            )
            from = badAt + 1
        end
    end
    if from == 1 then
        return text
    end
    pieces[#pieces + 1] = string.sub(text, from)
    return table.concat(pieces)
end
local esc = string.char(27)
local bell = string.char(7)
local function range(first, last)
    return ((("[" .. string.char(first)) .. "-") .. string.char(last)) .. "]"
end
replacementCharacter = string.char(239, 191, 189)
local unwanted = {
    {esc .. "%[[0-?]*[ -/]*[@-~]?", ""},
    {(((((esc .. "[%]PX^_][^") .. bell) .. esc) .. "]*") .. bell) .. "?", ""},
    {esc .. "[ -/]*[0-~]?", ""},
    {
        (((("[" .. string.char(0)) .. "-") .. string.char(31)) .. string.char(127)) .. "]+",
        " "
    },
    {
        string.char(194) .. range(128, 159),
        ""
    },
    {
        string.char(216, 156),
        ""
    },
    {
        string.char(226, 128) .. range(142, 143),
        ""
    },
    {
        string.char(226, 128) .. range(168, 174),
        ""
    },
    {
        string.char(226, 129) .. range(166, 169),
        ""
    }
}
function ____exports.inert(text)
    local shown = ____exports.toUtf8(text)
    for ____, ____value in ipairs(unwanted) do
        local pattern = ____value[1]
        local by = ____value[2]
        shown = (string.gsub(shown, pattern, by))
    end
    return shown
end
function ____exports.short(text, columnsMax)
    local shown = ____exports.inert(string.sub(text, 1, columnsMax * 8))
    return wezterm.column_width(shown) <= columnsMax and shown or wezterm.truncate_right(shown, columnsMax - 1) .. "…"
end
return ____exports
 end,
["plugin.memory"] = function(...) 
local ____exports = {}
local wezterm = require("wezterm")
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local prefix = "octo_"
function ____exports.rememberedText(key)
    local found = attempt(function() return wezterm.GLOBAL[prefix .. key] end)
    return found.ok and type(found.value) == "string" and found.value or nil
end
function ____exports.rememberedNumber(key)
    local found = attempt(function() return wezterm.GLOBAL[prefix .. key] end)
    return found.ok and type(found.value) == "number" and found.value or 0
end
function ____exports.remember(key, value)
    attempt(function()
        wezterm.GLOBAL[prefix .. key] = value
    end)
end
function ____exports.rememberedTable(key)
    local text = ____exports.rememberedText(key)
    if text == nil or text == "" then
        return nil
    end
    local parsed = attempt(function() return wezterm.json_parse(text) end)
    local ____parsed_ok_0
    if parsed.ok then
        ____parsed_ok_0 = parsed.value
    else
        ____parsed_ok_0 = nil
    end
    return ____parsed_ok_0
end
function ____exports.rememberTable(key, value)
    local encoded = attempt(function() return wezterm.json_encode(value) end)
    if encoded.ok then
        ____exports.remember(key, encoded.value)
    end
end
function ____exports.forget(key)
    ____exports.remember(key, "")
end
return ____exports
 end,
["plugin.log"] = function(...) 
local ____exports = {}
local wezterm = require("wezterm")
local ____inert = require("plugin.inert")
local inert = ____inert.inert
local ____memory = require("plugin.memory")
local remember = ____memory.remember
local rememberedText = ____memory.rememberedText
local saidKey = "said"
local saidBytesMax = 8192
function ____exports.logInfo(message)
    wezterm.log_info("octo: " .. inert(message))
end
function ____exports.logWarning(message)
    wezterm.log_warn("octo: " .. inert(message))
end
function ____exports.warnOnce(message)
    if wezterm.gui == nil then
        return
    end
    local line = inert(message) .. "\n"
    local known = rememberedText(saidKey) or ""
    if (string.find(known, line, 1, true)) ~= nil then
        return
    end
    remember(saidKey, #known > saidBytesMax and line or known .. line)
    ____exports.logWarning(message)
end
return ____exports
 end,
["shared.status-text"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__NumberToFixed = ____lualib.__TS__NumberToFixed
local ____exports = {}
local healthTone, counted, whole
function healthTone(ready, all)
    if all == 0 then
        return "calm"
    end
    if ready == all then
        return "good"
    end
    return ready == 0 and "bad" or "warn"
end
function counted(sign, count, tone)
    return count > 0 and ({
        text = (sign .. " ") .. whole(count),
        tone = tone
    }) or nil
end
function whole(count)
    return tostring(math.floor(count))
end
____exports.statusPartNames = {
    "health",
    "running",
    "queued",
    "waiting",
    "cost",
    "hosts"
}
____exports.unicodeSigns = {
    health = "⬢",
    running = "▶",
    queued = "⏳",
    waiting = "⚠",
    cost = "$",
    hosts = "⇄"
}
____exports.asciiSigns = {
    health = "octo",
    running = "run",
    queued = "wait",
    waiting = "ask",
    cost = "$",
    hosts = "hosts"
}
____exports.showHealth = function(____bindingPattern0, signs)
    local instancesReady
    local instances
    instances = ____bindingPattern0.instances
    instancesReady = ____bindingPattern0.instancesReady
    return {
        text = (((signs.health .. " ") .. whole(instancesReady)) .. "/") .. whole(instances),
        tone = healthTone(instancesReady, instances)
    }
end
____exports.showRunning = function(____bindingPattern0, signs)
    local running
    running = ____bindingPattern0.running
    return counted(signs.running, running, "busy")
end
____exports.showQueued = function(____bindingPattern0, signs)
    local queued
    queued = ____bindingPattern0.queued
    return counted(signs.queued, queued, "calm")
end
____exports.showWaiting = function(____bindingPattern0, signs)
    local waiting
    waiting = ____bindingPattern0.waiting
    return counted(signs.waiting, waiting, "warn")
end
____exports.showCost = function(____bindingPattern0, signs)
    local costToday
    costToday = ____bindingPattern0.costToday
    local ____temp_0
    if costToday < 0.005 then
        ____temp_0 = nil
    else
        ____temp_0 = {
            text = signs.cost .. __TS__NumberToFixed(costToday, 2),
            tone = "calm"
        }
    end
    return ____temp_0
end
____exports.showHosts = function(____bindingPattern0, signs)
    local hostsReady
    local hosts
    hosts = ____bindingPattern0.hosts
    hostsReady = ____bindingPattern0.hostsReady
    if hosts == nil or hostsReady == nil or hosts == 0 then
        return nil
    end
    return {
        text = (((signs.hosts .. " ") .. whole(hostsReady)) .. "/") .. whole(hosts),
        tone = hostsReady == hosts and "good" or "warn"
    }
end
return ____exports
 end,
["plugin.status.cost"] = function(...) 
local ____exports = {}
local ____status_2Dtext = require("shared.status-text")
local showCost = ____status_2Dtext.showCost
____exports.cost = {
    name = "cost",
    show = function(____bindingPattern0, signs)
        local counts
        counts = ____bindingPattern0.counts
        return showCost(counts, signs)
    end
}
return ____exports
 end,
["plugin.status.health"] = function(...) 
local ____exports = {}
local ____status_2Dtext = require("shared.status-text")
local showHealth = ____status_2Dtext.showHealth
____exports.health = {
    name = "health",
    show = function(____bindingPattern0, signs)
        local counts
        counts = ____bindingPattern0.counts
        return showHealth(counts, signs)
    end
}
return ____exports
 end,
["plugin.status.hosts"] = function(...) 
local ____exports = {}
local ____status_2Dtext = require("shared.status-text")
local showHosts = ____status_2Dtext.showHosts
____exports.hosts = {
    name = "hosts",
    show = function(____bindingPattern0, signs)
        local counts
        counts = ____bindingPattern0.counts
        return showHosts(counts, signs)
    end
}
return ____exports
 end,
["plugin.status.queued"] = function(...) 
local ____exports = {}
local ____status_2Dtext = require("shared.status-text")
local showQueued = ____status_2Dtext.showQueued
____exports.queued = {
    name = "queued",
    show = function(____bindingPattern0, signs)
        local counts
        counts = ____bindingPattern0.counts
        return showQueued(counts, signs)
    end
}
return ____exports
 end,
["plugin.status.running"] = function(...) 
local ____exports = {}
local ____status_2Dtext = require("shared.status-text")
local showRunning = ____status_2Dtext.showRunning
____exports.running = {
    name = "running",
    show = function(____bindingPattern0, signs)
        local counts
        counts = ____bindingPattern0.counts
        return showRunning(counts, signs)
    end
}
return ____exports
 end,
["plugin.status.waiting"] = function(...) 
local ____exports = {}
local ____status_2Dtext = require("shared.status-text")
local showWaiting = ____status_2Dtext.showWaiting
____exports.waiting = {
    name = "waiting",
    show = function(____bindingPattern0, signs)
        local counts
        counts = ____bindingPattern0.counts
        return showWaiting(counts, signs)
    end
}
return ____exports
 end,
["plugin.status.parts"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__ArrayMap = ____lualib.__TS__ArrayMap
local ____exports = {}
local ____cost = require("plugin.status.cost")
local cost = ____cost.cost
local ____health = require("plugin.status.health")
local health = ____health.health
local ____hosts = require("plugin.status.hosts")
local hosts = ____hosts.hosts
local ____queued = require("plugin.status.queued")
local queued = ____queued.queued
local ____running = require("plugin.status.running")
local running = ____running.running
local ____waiting = require("plugin.status.waiting")
local waiting = ____waiting.waiting
____exports.parts = {
    health,
    running,
    queued,
    waiting,
    cost,
    hosts
}
____exports.partNames = __TS__ArrayMap(
    ____exports.parts,
    function(____, ____bindingPattern0)
        local name
        name = ____bindingPattern0.name
        return name
    end
)
return ____exports
 end,
["plugin.options"] = function(...) 
local ____lualib = require("lualib_bundle")
local Map = ____lualib.Map
local __TS__Iterator = ____lualib.__TS__Iterator
local __TS__New = ____lualib.__TS__New
local __TS__ArrayIsArray = ____lualib.__TS__ArrayIsArray
local __TS__ArrayIncludes = ____lualib.__TS__ArrayIncludes
local ____exports = {}
local fieldsOf, shown, readKey, readParts, readKeys, isRecord, isCustomPart
local ____log = require("plugin.log")
local warnOnce = ____log.warnOnce
local ____parts = require("plugin.status.parts")
local partNames = ____parts.partNames
function fieldsOf(given)
    local fields = __TS__New(Map)
    if given == nil then
        return fields
    end
    if type(given) ~= "table" then
        warnOnce(("the options must be a table, not " .. shown(given)) .. "; the defaults hold")
        return fields
    end
    for name, value in pairs(given) do
        fields:set(
            tostring(name),
            value
        )
    end
    return fields
end
function shown(value)
    return type(value) == "string" and ("\"" .. value) .. "\"" or ((type(value) == "number" or type(value) == "boolean") and tostring(value) or "a " .. type(value))
end
function readKey(value)
    if value == false then
        return false
    end
    if not isRecord(value) then
        return nil
    end
    local ____value_2 = value
    local name = ____value_2.key
    local mods = ____value_2.mods
    if type(name) ~= "string" or name == "" or mods ~= nil and type(mods) ~= "string" then
        return nil
    end
    return {key = name, mods = mods or "NONE"}
end
function readParts(value)
    if not __TS__ArrayIsArray(value) then
        return nil
    end
    local read = {}
    for ____, item in ipairs(value) do
        if isCustomPart(item) then
            read[#read + 1] = item
        elseif type(item) == "string" and __TS__ArrayIncludes(partNames, item) then
            read[#read + 1] = item
        else
            return nil
        end
    end
    return read
end
function readKeys(value)
    if not isRecord(value) then
        return nil
    end
    local read = {}
    for command, chosen in pairs(value) do
        if type(command) ~= "string" or chosen ~= false and type(chosen) ~= "string" then
            return nil
        end
        read[tostring(command)] = chosen
    end
    return read
end
function isRecord(value)
    return type(value) == "table"
end
function isCustomPart(value)
    return type(value) == "function"
end
local flag = {
    wanted = "true or false",
    read = function(value)
        local ____temp_0
        if type(value) == "boolean" then
            ____temp_0 = value
        else
            ____temp_0 = nil
        end
        return ____temp_0
    end
}
local path = {
    wanted = "an absolute path",
    read = function(value) return type(value) == "string" and string.sub(value, 1, 1) == "/" and value or nil end
}
local words = {
    wanted = "text",
    read = function(value) return type(value) == "string" and value ~= "" and value or nil end
}
local side = {
    wanted = "\"right\", \"left\" or \"off\"",
    read = function(value) return (value == "right" or value == "left" or value == "off") and value or nil end
}
local key = {wanted = "false or { key = \"o\", mods = \"CTRL|SHIFT\" }", read = readKey}
local parts = {
    wanted = "a list of functions and of " .. table.concat(partNames, ", "),
    read = readParts
}
local keys = {wanted = "a table of command = key, or command = false", read = readKeys}
local seconds = {
    wanted = "a number of seconds from 1 to 60",
    read = function(value) return type(value) == "number" and value >= 1 and value <= 60 and value or nil end
}
function ____exports.readOptions(given)
    local fields = fieldsOf(given)
    local function take(name, check, fallback)
        local value = fields:get(name)
        fields:delete(name)
        if value == nil then
            return fallback
        end
        local read = check.read(value)
        if read == nil then
            warnOnce(((((("option " .. name) .. " must be ") .. check.wanted) .. ", not ") .. shown(value)) .. "; the default holds")
        end
        local ____read_1 = read
        if ____read_1 == nil then
            ____read_1 = fallback
        end
        return ____read_1
    end
    local options = {
        socket = take("socket", path, nil),
        octo = take("octo", path, nil),
        curl = take("curl", path, nil),
        wezterm = take("wezterm", path, nil),
        editor = take("editor", words, nil),
        start = take("start", flag, true),
        status = take("status", side, "right"),
        ascii = take("ascii", flag, false),
        colors = take("colors", flag, true),
        segments = take("segments", parts, partNames),
        key = take("key", key, {key = "o", mods = "CTRL|SHIFT"}),
        keys = take("keys", keys, {}),
        keyTimeoutS = take("key_timeout", seconds, 5),
        palette = take("palette", flag, true),
        toasts = take("toasts", flag, true),
        panes = take("panes", flag, true),
        domains = take("domains", flag, true)
    }
    for ____, ____value in __TS__Iterator(fields) do
        local name = ____value[1]
        warnOnce(("there is no option " .. name) .. "; it is ignored")
    end
    return options
end
return ____exports
 end,
["plugin.setup"] = function(...) 
local ____exports = {}
local wezterm = require("wezterm")
local ____folders = require("plugin.folders")
local octoFolders = ____folders.octoFolders
local ____options = require("plugin.options")
local readOptions = ____options.readOptions
local current
local home
function ____exports.setHome(file)
    local folder = table.unpack(
        file == nil and ({nil}) or ({string.match(file, "^(/.*)/plugin/init%.lua$")}),
        1,
        1
    )
    home = folder
end
function ____exports.setUp(given)
    if current ~= nil then
        return current
    end
    local options = readOptions(given)
    current = {
        options = options,
        folders = octoFolders(options.socket),
        guiId = wezterm.procinfo.pid(),
        home = home
    }
    return current
end
function ____exports.setup()
    return current or ____exports.setUp(nil)
end
function ____exports.isSetUp()
    return current ~= nil
end
return ____exports
 end,
["plugin.link.curl"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__ArrayPush = ____lualib.__TS__ArrayPush
local ____exports = {}
local argumentsOf, firstLine, answerBytesMax
local wezterm = require("wezterm")
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
function argumentsOf(____bindingPattern0)
    local body
    local timeoutS
    local path
    local socketFile
    local curl
    curl = ____bindingPattern0.curl
    socketFile = ____bindingPattern0.socketFile
    path = ____bindingPattern0.path
    timeoutS = ____bindingPattern0.timeoutS
    body = ____bindingPattern0.body
    local args = {
        curl,
        "-q",
        "-sS",
        "--noproxy",
        "*",
        "--unix-socket",
        socketFile,
        "--connect-timeout",
        "5"
    }
    __TS__ArrayPush(
        args,
        "--max-time",
        tostring(math.floor(timeoutS)),
        "--max-filesize",
        tostring(answerBytesMax)
    )
    if body ~= nil then
        __TS__ArrayPush(
            args,
            "-H",
            "content-type: application/json",
            "-H",
            "Expect:",
            "--data-binary",
            body.file ~= nil and "@" .. body.file or body.text
        )
    end
    args[#args + 1] = "http://octo" .. path
    return args
end
function firstLine(text)
    local line = string.match(text, "^[^\n]+")
    return line or "no answer"
end
answerBytesMax = 16 * 1024 * 1024
local noConnection = "7"
function ____exports.request(asked)
    local run = attempt(function()
        local ok, output, errors = wezterm.run_child_process(argumentsOf(asked))
        return {ok = ok, output = output, errors = errors}
    end)
    if not run.ok then
        return {kind = "no-curl", reason = (asked.curl .. " cannot be run: ") .. run.message}
    end
    local ____run_value_0 = run.value
    local ok = ____run_value_0.ok
    local output = ____run_value_0.output
    local errors = ____run_value_0.errors
    if not ok then
        local code = string.match(errors, "curl: %((%d+)%)")
        return code == noConnection and ({kind = "nobody"}) or ({
            kind = "failed",
            reason = firstLine(errors)
        })
    end
    local parsed = attempt(function() return wezterm.json_parse(output) end)
    return parsed.ok and ({kind = "answer", body = parsed.value, text = output}) or ({kind = "failed", reason = "the answer is cut off or no JSON"})
end
return ____exports
 end,
["plugin.login-path"] = function(...) 
local ____exports = {}
local wezterm = require("wezterm")
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local ____environment = require("plugin.environment")
local environmentVariable = ____environment.environmentVariable
local script = "\numask 077\nout=$(mktemp) || exit 1\n\"$1\" -lc '/usr/bin/env | grep ^PATH=' >\"$out\" 2>/dev/null </dev/null &\nshell=$!\n(\n  trap 'kill $!; exit' TERM\n  sleep 5 &\n  wait\n  kill -9 $shell\n) >/dev/null 2>&1 </dev/null &\nwatch=$!\nwait $shell\nkill $watch 2>/dev/null\nsed -n 's/^PATH=//p' \"$out\"\nrm -f \"$out\"\n"
function ____exports.readLoginPath()
    local shell = environmentVariable("SHELL") or "/bin/sh"
    local run = attempt(function()
        local ____, output = wezterm.run_child_process({
            "/bin/sh",
            "-c",
            script,
            "octo-path",
            shell
        })
        return output
    end)
    if not run.ok then
        return nil
    end
    local path = string.match(run.value, "^[^\n]+")
    return path
end
return ____exports
 end,
["plugin.programs"] = function(...) 
local ____exports = {}
local searchedFolders, findUnderNvm, versionIn, usualFolders, homeFolders, loginPath
local wezterm = require("wezterm")
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local ____environment = require("plugin.environment")
local environmentVariable = ____environment.environmentVariable
local ____folders = require("plugin.folders")
local parentOf = ____folders.parentOf
local ____login_2Dpath = require("plugin.login-path")
local readLoginPath = ____login_2Dpath.readLoginPath
function ____exports.isReadable(path)
    local file = io.open(path, "r")
    if file == nil then
        return false
    end
    file:close()
    return true
end
function searchedFolders()
    local folders = {}
    for ____, path in ipairs({
        environmentVariable("PATH") or "",
        loginPath or ""
    }) do
        for folder in string.gmatch(path, "[^:]+") do
            if folder ~= nil and string.sub(folder, 1, 1) == "/" then
                folders[#folders + 1] = folder
            end
        end
    end
    for ____, folder in ipairs(usualFolders) do
        folders[#folders + 1] = folder
    end
    for ____, folder in ipairs(homeFolders) do
        folders[#folders + 1] = (wezterm.home_dir .. "/") .. folder
    end
    return folders
end
function findUnderNvm(name)
    local found = attempt(function() return wezterm.glob((wezterm.home_dir .. "/.nvm/versions/node/*/bin/") .. name) end)
    if not found.ok then
        return nil
    end
    local newest
    for ____, path in ipairs(found.value) do
        if newest == nil or versionIn(path) > versionIn(newest) then
            newest = path
        end
    end
    return newest
end
function versionIn(path)
    local major, minor, patch = string.match(path, "/v(%d+)%.(%d+)%.(%d+)/")
    return ((tonumber(major) or 0) * 1000 + (tonumber(minor) or 0)) * 1000 + (tonumber(patch) or 0)
end
usualFolders = {
    "/opt/homebrew/bin",
    "/usr/local/bin",
    "/usr/bin",
    "/bin",
    "/opt/local/bin"
}
homeFolders = {
    ".local/bin",
    "bin",
    ".npm-global/bin",
    ".volta/bin",
    ".bun/bin",
    ".asdf/shims",
    ".local/share/mise/shims",
    ".local/share/pnpm"
}
function ____exports.findProgram(name)
    for ____, folder in ipairs(searchedFolders()) do
        local path = (folder .. "/") .. name
        if ____exports.isReadable(path) then
            return path
        end
    end
    return nil
end
function ____exports.findProgramThoroughly(name)
    local found = ____exports.findProgram(name) or findUnderNvm(name)
    if found ~= nil then
        return found
    end
    loginPath = readLoginPath()
    local ____temp_0
    if loginPath == nil then
        ____temp_0 = nil
    else
        ____temp_0 = ____exports.findProgram(name)
    end
    return ____temp_0
end
function ____exports.pathFor(program)
    return table.concat(
        {
            parentOf(program),
            table.unpack(searchedFolders())
        },
        ":"
    )
end
return ____exports
 end,
["plugin.link.programs-used"] = function(...) 
local ____exports = {}
local ____programs = require("plugin.programs")
local findProgram = ____programs.findProgram
local findProgramThoroughly = ____programs.findProgramThoroughly
local isReadable = ____programs.isReadable
local ____setup = require("plugin.setup")
local setup = ____setup.setup
local curl
function ____exports.curlProgram()
    if curl == nil then
        curl = setup().options.curl or findProgram("curl")
    end
    return curl
end
function ____exports.octoProgram()
    local ____setup_result_0 = setup()
    local options = ____setup_result_0.options
    local home = ____setup_result_0.home
    if options.octo ~= nil then
        return options.octo
    end
    local found = findProgram("octo")
    if found ~= nil then
        return found
    end
    if home ~= nil and isReadable(home .. "/dist/octo.js") and isReadable(home .. "/bin/octo") then
        return home .. "/bin/octo"
    end
    return findProgramThoroughly("octo")
end
return ____exports
 end,
["plugin.link.private-file"] = function(...) 
local ____exports = {}
local wezterm = require("wezterm")
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local ____programs = require("plugin.programs")
local isReadable = ____programs.isReadable
local create = "umask 077; mkdir -p -- \"$(dirname -- \"$1\")\" && : > \"$1\""
function ____exports.ensurePrivateFile(path)
    if isReadable(path) then
        return true
    end
    local made = attempt(function()
        local ok = wezterm.run_child_process({
            "/bin/sh",
            "-c",
            create,
            "sh",
            path
        })
        return ok
    end)
    return made.ok and made.value
end
function ____exports.writeFile(path, text)
    local file = io.open(path, "w")
    if file == nil then
        return false
    end
    local written = file:write(text)
    local closed = file:close()
    return written ~= nil and closed ~= false
end
function ____exports.readFile(path, bytesMax)
    local file = io.open(path, "r")
    if file == nil then
        return nil
    end
    local text = file:read(bytesMax)
    file:close()
    return text or ""
end
return ____exports
 end,
["plugin.link.request-files"] = function(...) 
local ____exports = {}
local takeFree, busyKey, filesMax, useMaxS
local wezterm = require("wezterm")
local ____memory = require("plugin.memory")
local remember = ____memory.remember
local rememberedNumber = ____memory.rememberedNumber
local ____private_2Dfile = require("plugin.link.private-file")
local ensurePrivateFile = ____private_2Dfile.ensurePrivateFile
local writeFile = ____private_2Dfile.writeFile
function takeFree()
    local nowS = os.time()
    do
        local number = 0
        while number < filesMax do
            local key = busyKey(number)
            if rememberedNumber(key) <= nowS then
                remember(key, nowS + useMaxS)
                return number
            end
            number = number + 1
        end
    end
    return nil
end
function busyKey(number)
    return "request_" .. tostring(number)
end
filesMax = 8
useMaxS = 300
function ____exports.withRequestFile(folder, text, use)
    local number = takeFree()
    if number == nil then
        return nil
    end
    local file = ((((folder .. "/request-") .. tostring(wezterm.procinfo.pid())) .. "-") .. tostring(number)) .. ".json"
    local ____temp_0
    if ensurePrivateFile(file) and writeFile(file, text) then
        ____temp_0 = use(file)
    else
        ____temp_0 = nil
    end
    local result = ____temp_0
    writeFile(file, "")
    remember(
        busyKey(number),
        0
    )
    return result
end
function ____exports.prepareRequestFile(folder)
    ____exports.withRequestFile(
        folder,
        "",
        function() return true end
    )
end
return ____exports
 end,
["plugin.link.settings"] = function(...) 
local ____exports = {}
local ____read = require("plugin.read")
local textAt = ____read.textAt
local ____setup = require("plugin.setup")
local setup = ____setup.setup
local spool
function ____exports.takeSettings(settings)
    spool = textAt(settings, "spoolFolder") or spool
end
function ____exports.spoolFolder()
    return spool or setup().folders.runtime
end
return ____exports
 end,
["plugin.link.call"] = function(...) 
local ____exports = {}
local send, resultOf, resultOfBody, newRequestId, pausesMs, requests
local wezterm = require("wezterm")
local ____protocol = require("shared.protocol")
local protocolVersion = ____protocol.protocolVersion
local routes = ____protocol.routes
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local ____read = require("plugin.read")
local tableAt = ____read.tableAt
local textAt = ____read.textAt
local ____setup = require("plugin.setup")
local setup = ____setup.setup
local ____curl = require("plugin.link.curl")
local request = ____curl.request
local ____programs_2Dused = require("plugin.link.programs-used")
local curlProgram = ____programs_2Dused.curlProgram
local ____request_2Dfiles = require("plugin.link.request-files")
local withRequestFile = ____request_2Dfiles.withRequestFile
local ____settings = require("plugin.link.settings")
local spoolFolder = ____settings.spoolFolder
function send(body, timeoutS)
    local curl = curlProgram()
    if curl == nil then
        return ____exports.refused("CURL_MISSING", "curl is missing", "Install curl, or set the option curl.")
    end
    local endS = os.time() + timeoutS
    do
        local tries = 0
        while true do
            local restS = math.max(
                1,
                endS - os.time()
            )
            local answer = request({
                curl = curl,
                socketFile = setup().folders.socketFile,
                path = routes.rpc,
                timeoutS = restS,
                body = body
            })
            local pauseMs = pausesMs[tries + 1]
            local again = answer.kind == "failed" or answer.kind == "nobody" and tries > 0
            if not again or pauseMs == nil or os.time() >= endS then
                return resultOf(answer)
            end
            wezterm.sleep_ms(pauseMs)
            tries = tries + 1
        end
    end
end
function resultOf(answer)
    repeat
        local ____switch15 = answer.kind
        local ____cond15 = ____switch15 == "nobody"
        if ____cond15 then
            return ____exports.refused("BRIDGE_NOT_RUNNING", "the bridge is not running", "Start it with `octo up`, or from the palette.")
        end
        ____cond15 = ____cond15 or ____switch15 == "no-curl"
        if ____cond15 then
            return ____exports.refused("CURL_MISSING", answer.reason, "Install curl, or set the option curl.")
        end
        ____cond15 = ____cond15 or ____switch15 == "failed"
        if ____cond15 then
            return ____exports.refused("BRIDGE_TIMEOUT", "the bridge gave no answer: " .. answer.reason, "See `octo doctor`.")
        end
        ____cond15 = ____cond15 or ____switch15 == "answer"
        if ____cond15 then
            return resultOfBody(answer.body)
        end
    until true
end
function resultOfBody(body)
    local ____error = tableAt(body, "error")
    if ____error ~= nil then
        return ____exports.refused(
            textAt(____error, "code") or "INTERNAL",
            textAt(____error, "message") or "the bridge refused",
            textAt(____error, "next") or ""
        )
    end
    return {
        ok = true,
        result = tableAt(body, "result")
    }
end
function ____exports.refused(code, message, next)
    return {ok = false, code = code, message = message, next = next}
end
function newRequestId()
    requests = requests + 1
    local random = string.format(
        "%08x%08x",
        math.random(0, 4294967295),
        math.random(0, 4294967295)
    )
    return (((("wezterm-" .. tostring(setup().guiId)) .. "-") .. tostring(requests)) .. "-") .. random
end
local callTimeoutS = 15
pausesMs = {150, 500, 1500}
function ____exports.call(method, params, timeoutS)
    if timeoutS == nil then
        timeoutS = callTimeoutS
    end
    local body = attempt(function() return wezterm.json_encode({
        protocol = protocolVersion,
        requestId = newRequestId(),
        method = method,
        params = params
    }) end)
    if not body.ok then
        return ____exports.refused("REQUEST_INVALID", "the request cannot be written as JSON: " .. body.message, "Leave out what is not text.")
    end
    local sent = withRequestFile(
        spoolFolder(),
        body.value,
        function(file) return send({file = file}, timeoutS) end
    )
    return sent or ____exports.refused(
        "REQUEST_FILE",
        ("no private file in " .. spoolFolder()) .. " can be written",
        "See whether the disk is full."
    )
end
function ____exports.callOpenly(method, params)
    local body = attempt(function() return wezterm.json_encode({
        protocol = protocolVersion,
        requestId = newRequestId(),
        method = method,
        params = params
    }) end)
    if not body.ok then
        return ____exports.refused("REQUEST_INVALID", "the request cannot be written as JSON: " .. body.message, "")
    end
    return send({text = body.value}, callTimeoutS)
end
requests = 0
return ____exports
 end,
["plugin.news"] = function(...) 
local ____lualib = require("lualib_bundle")
local Set = ____lualib.Set
local __TS__ArrayMap = ____lualib.__TS__ArrayMap
local __TS__New = ____lualib.__TS__New
local __TS__SparseArrayNew = ____lualib.__TS__SparseArrayNew
local __TS__SparseArrayPush = ____lualib.__TS__SparseArrayPush
local __TS__SparseArraySpread = ____lualib.__TS__SparseArraySpread
local Map = ____lualib.Map
local ____exports = {}
local note, deliverSoon, isSameBridge, newsOf, noticesOf, instanceNews, queueMax, queue
local wezterm = require("wezterm")
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local ____gui = require("plugin.gui")
local activePane = ____gui.activePane
local guiWindows = ____gui.guiWindows
function note(news)
    if #queue >= queueMax then
        table.remove(queue, 1)
    end
    queue[#queue + 1] = news
end
function deliverSoon()
    if #queue == 0 then
        return
    end
    for ____, window in ipairs(guiWindows()) do
        do
            local pane = activePane(window)
            if pane == nil then
                goto __continue14
            end
            if attempt(function() return window:perform_action(
                wezterm.action.EmitEvent(____exports.deliverEvent),
                pane
            ) end).ok then
                return
            end
        end
        ::__continue14::
    end
end
function isSameBridge(before, now)
    return before ~= nil and before.bridge.pid == now.bridge.pid and before.bridge.startedAtEpochMs == now.bridge.startedAtEpochMs
end
function newsOf(before, now)
    local found = {}
    local askIds = __TS__New(
        Set,
        __TS__ArrayMap(
            before.asks,
            function(____, ____bindingPattern0)
                local id
                id = ____bindingPattern0.id
                return id
            end
        )
    )
    for ____, ____value in ipairs(now.asks) do
        local id = ____value.id
        local taskId = ____value.taskId
        local title = ____value.title
        local kind = ____value.kind
        if not askIds:has(id) then
            found[#found + 1] = {
                kind = "ask",
                ask_id = id,
                task_id = taskId,
                title = title,
                ask_kind = kind
            }
        end
    end
    local ends = __TS__New(
        Set,
        __TS__ArrayMap(
            before.ends,
            function(____, ____bindingPattern0)
                local state
                local taskId
                taskId = ____bindingPattern0.taskId
                state = ____bindingPattern0.state
                return (taskId .. " ") .. state
            end
        )
    )
    for ____, ____value in ipairs(now.ends) do
        local taskId = ____value.taskId
        local title = ____value.title
        local state = ____value.state
        if not ends:has((taskId .. " ") .. state) then
            found[#found + 1] = {kind = "task-finished", task_id = taskId, title = title, state = state}
        end
    end
    local ____array_0 = __TS__SparseArrayNew(table.unpack(found))
    __TS__SparseArrayPush(
        ____array_0,
        table.unpack(instanceNews(before, now))
    )
    __TS__SparseArrayPush(
        ____array_0,
        table.unpack(noticesOf(before, now))
    )
    return {__TS__SparseArraySpread(____array_0)}
end
function noticesOf(before, now)
    local found = {}
    local known = __TS__New(
        Set,
        __TS__ArrayMap(
            before.notices or ({}),
            function(____, ____bindingPattern0)
                local id
                id = ____bindingPattern0.id
                return id
            end
        )
    )
    for ____, ____value in ipairs(now.notices or ({})) do
        local id = ____value.id
        local on = ____value.on
        local text = ____value.text
        local instanceId = ____value.instanceId
        if not known:has(id) then
            found[#found + 1] = {
                kind = "notice",
                notice_id = id,
                on = on,
                text = text,
                instance_id = instanceId
            }
        end
    end
    return found
end
function instanceNews(before, now)
    local found = {}
    local states = __TS__New(
        Map,
        __TS__ArrayMap(
            before.troubled,
            function(____, ____bindingPattern0)
                local state
                local id
                id = ____bindingPattern0.id
                state = ____bindingPattern0.state
                return {id, state}
            end
        )
    )
    for ____, ____value in ipairs(now.troubled) do
        local id = ____value.id
        local name = ____value.name
        local state = ____value.state
        if states:get(id) ~= state then
            found[#found + 1] = {kind = "instance-changed", instance_id = id, name = name, state = state}
        end
        states:delete(id)
    end
    for ____, ____value in ipairs(before.troubled) do
        local id = ____value.id
        local name = ____value.name
        if states:has(id) then
            found[#found + 1] = {kind = "instance-changed", instance_id = id, name = name, state = "ready"}
        end
    end
    return found
end
queueMax = 64
queue = {}
____exports.deliverEvent = "octo-deliver"
function ____exports.takeNews(before, now, wasUp)
    if now == nil then
        note({kind = "bridge-changed", state = "down"})
    else
        if not wasUp and not isSameBridge(before, now) then
            note({kind = "bridge-changed", state = "up"})
        end
        if before ~= nil then
            for ____, news in ipairs(newsOf(before, now)) do
                note(news)
            end
        end
    end
    deliverSoon()
end
function ____exports.nextNews()
    return table.remove(queue, 1)
end
return ____exports
 end,
["plugin.snapshot"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__ArrayIsArray = ____lualib.__TS__ArrayIsArray
local ____exports = {}
local isSnapshot, hasEnds, isListOf, countNames
local ____protocol = require("shared.protocol")
local protocolVersion = ____protocol.protocolVersion
local ____read = require("plugin.read")
local isTable = ____read.isTable
function isSnapshot(value)
    if not isTable(value) then
        return false
    end
    local ____value_1 = value
    local revision = ____value_1.revision
    local bridge = ____value_1.bridge
    local counts = ____value_1.counts
    local pause = ____value_1.pause
    local notices = ____value_1.notices
    if pause ~= nil and type(pause) ~= "string" then
        return false
    end
    if type(revision) ~= "number" or not isTable(bridge) or not isTable(counts) then
        return false
    end
    if type(bridge.pid) ~= "number" or type(bridge.startedAtEpochMs) ~= "number" then
        return false
    end
    if notices ~= nil and not isListOf(notices, {"id", "on", "text"}) then
        return false
    end
    for ____, name in ipairs(countNames) do
        if type(counts[name]) ~= "number" then
            return false
        end
    end
    return isListOf(value.troubled, {"id", "name", "state"}) and isListOf(value.asks, {"id", "title", "kind"}) and hasEnds(value.ends)
end
function hasEnds(value)
    return isListOf(value, {"taskId", "title", "state"})
end
function isListOf(value, textFields)
    if not __TS__ArrayIsArray(value) then
        return false
    end
    for ____, item in ipairs(value) do
        if not isTable(item) then
            return false
        end
        for ____, field in ipairs(textFields) do
            if type(item[field]) ~= "string" then
                return false
            end
        end
    end
    return true
end
countNames = {
    "instances",
    "instancesReady",
    "queued",
    "running",
    "waiting",
    "costToday"
}
function ____exports.readSnapshot(value)
    if not isTable(value) then
        return {kind = "unknown"}
    end
    local ____value_0 = value
    local protocol = ____value_0.protocol
    if type(protocol) ~= "number" then
        return {kind = "unknown"}
    end
    if protocol ~= protocolVersion then
        return {kind = "mismatch", older = protocol < protocolVersion and "bridge" or "plugin"}
    end
    return isSnapshot(value) and ({kind = "snapshot", snapshot = value}) or ({kind = "unknown"})
end
return ____exports
 end,
["plugin.state"] = function(...) 
local ____exports = {}
local state
local ____memory = require("plugin.memory")
local remember = ____memory.remember
local rememberedTable = ____memory.rememberedTable
local ____snapshot = require("plugin.snapshot")
local readSnapshot = ____snapshot.readSnapshot
function ____exports.latestSnapshot()
    local ____temp_0
    if state.link.kind == "up" or state.link.kind == "silent" or state.link.kind == "connecting" then
        ____temp_0 = state.link.snapshot
    else
        ____temp_0 = nil
    end
    return ____temp_0
end
local snapshotKey = "snapshot"
state = {link = {kind = "connecting", snapshot = nil}, panes = {}, notice = nil, version = 1}
function ____exports.link()
    return state.link
end
function ____exports.setLink(next)
    state.link = next
    state.version = state.version + 1
    local snapshot = ____exports.latestSnapshot()
    if snapshot ~= nil then
        state.panes = snapshot.panes or ({})
    end
end
function ____exports.knownPanes()
    return state.panes
end
function ____exports.rememberSnapshot(json)
    remember(snapshotKey, json)
end
function ____exports.notice()
    return state.notice
end
function ____exports.setNotice(next)
    state.notice = next
    state.version = state.version + 1
end
function ____exports.version()
    return state.version
end
function ____exports.recallSnapshot()
    if state.link.kind ~= "connecting" or state.link.snapshot ~= nil then
        return
    end
    local read = readSnapshot(rememberedTable(snapshotKey))
    if read.kind == "snapshot" then
        ____exports.setLink({kind = "connecting", snapshot = read.snapshot})
    end
end
return ____exports
 end,
["plugin.status.line"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__SparseArrayNew = ____lualib.__TS__SparseArrayNew
local __TS__SparseArrayPush = ____lualib.__TS__SparseArrayPush
local __TS__SparseArraySpread = ____lualib.__TS__SparseArraySpread
local __TS__ArrayMap = ____lualib.__TS__ArrayMap
local __TS__ArrayPush = ____lualib.__TS__ArrayPush
local __TS__ArrayFind = ____lualib.__TS__ArrayFind
local ____exports = {}
local build, linkParts, faded, builtInPart, customPart, noticeParts, colours, reasonColumnsMax, customColumnsMax
local wezterm = require("wezterm")
local ____status_2Dtext = require("shared.status-text")
local asciiSigns = ____status_2Dtext.asciiSigns
local unicodeSigns = ____status_2Dtext.unicodeSigns
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local ____inert = require("plugin.inert")
local short = ____inert.short
local ____log = require("plugin.log")
local warnOnce = ____log.warnOnce
local ____setup = require("plugin.setup")
local setup = ____setup.setup
local ____state = require("plugin.state")
local link = ____state.link
local notice = ____state.notice
local setNotice = ____state.setNotice
local version = ____state.version
local ____parts = require("plugin.status.parts")
local parts = ____parts.parts
function build(stale)
    local ____array_0 = __TS__SparseArrayNew(table.unpack(linkParts(
        link(),
        stale
    )))
    __TS__SparseArrayPush(
        ____array_0,
        table.unpack(noticeParts())
    )
    local shown = {__TS__SparseArraySpread(____array_0)}
    if not setup().options.colors then
        return (" " .. table.concat(
            __TS__ArrayMap(
                shown,
                function(____, ____bindingPattern0)
                    local text
                    text = ____bindingPattern0.text
                    return text
                end
            ),
            "  "
        )) .. " "
    end
    local items = {{Text = " "}}
    for ____, ____value in ipairs(shown) do
        local text = ____value.text
        local tone = ____value.tone
        __TS__ArrayPush(items, {Foreground = {AnsiColor = colours[tone]}}, {Text = text .. " "}, "ResetAttributes")
    end
    return wezterm.format(items)
end
function linkParts(known, stale)
    repeat
        local ____switch11 = known.kind
        local ____cond11 = ____switch11 == "up"
        if ____cond11 then
            return stale and faded(known.snapshot, "stale") or ____exports.partsOf(known.snapshot)
        end
        ____cond11 = ____cond11 or ____switch11 == "connecting"
        if ____cond11 then
            return known.snapshot == nil and ({{text = "octo: …", tone = "calm"}}) or faded(known.snapshot, "stale")
        end
        ____cond11 = ____cond11 or ____switch11 == "silent"
        if ____cond11 then
            return known.snapshot == nil and ({{text = "octo: no answer", tone = "bad"}}) or faded(known.snapshot, "stale: no answer")
        end
        ____cond11 = ____cond11 or ____switch11 == "down"
        if ____cond11 then
            return {{
                text = "octo: " .. short(known.reason, reasonColumnsMax),
                tone = "bad"
            }}
        end
        ____cond11 = ____cond11 or ____switch11 == "mismatch"
        if ____cond11 then
            return {{text = known.older == "bridge" and "octo: update the bridge" or "octo: update the plugin", tone = "bad"}}
        end
        ____cond11 = ____cond11 or ____switch11 == "broken"
        if ____cond11 then
            return {{
                text = "octo: " .. short(known.reason, reasonColumnsMax),
                tone = "bad"
            }}
        end
    until true
end
function faded(snapshot, why)
    local shown = __TS__ArrayMap(
        ____exports.partsOf(snapshot),
        function(____, ____bindingPattern0)
            local text
            text = ____bindingPattern0.text
            return {text = text, tone = "calm"}
        end
    )
    shown[#shown + 1] = {text = ("(" .. why) .. ")", tone = "warn"}
    return shown
end
function ____exports.partsOf(snapshot)
    local shown = {}
    for ____, chosen in ipairs(setup().options.segments) do
        local ____temp_1
        if type(chosen) == "string" then
            ____temp_1 = builtInPart(chosen, snapshot)
        else
            ____temp_1 = customPart(chosen, snapshot)
        end
        local part = ____temp_1
        if part ~= nil then
            shown[#shown + 1] = part
        end
    end
    if snapshot.pause ~= nil then
        shown[#shown + 1] = {
            text = "paused: " .. short(snapshot.pause, reasonColumnsMax),
            tone = "warn"
        }
    end
    if snapshot.bridge.storeError ~= nil then
        shown[#shown + 1] = {text = "store refuses writes", tone = "bad"}
    end
    return shown
end
function builtInPart(name, snapshot)
    local part = __TS__ArrayFind(
        parts,
        function(____, each) return each.name == name end
    )
    if part == nil then
        return nil
    end
    local shown = attempt(function() return part.show(
        snapshot,
        setup().options.ascii and asciiSigns or unicodeSigns
    ) end)
    if not shown.ok then
        warnOnce((("the segment " .. name) .. " failed: ") .. shown.message)
    end
    local ____shown_ok_2
    if shown.ok then
        ____shown_ok_2 = shown.value
    else
        ____shown_ok_2 = nil
    end
    return ____shown_ok_2
end
function customPart(show, snapshot)
    local shown = attempt(function() return show(snapshot) end)
    if not shown.ok then
        warnOnce("a segment of the configuration failed and is left out: " .. shown.message)
        return nil
    end
    return type(shown.value) == "string" and shown.value ~= "" and ({
        text = short(shown.value, customColumnsMax),
        tone = "calm"
    }) or nil
end
function noticeParts()
    local told = notice()
    return told == nil and ({}) or ({{
        text = short(told.text, reasonColumnsMax),
        tone = told.isError and "bad" or "good"
    }})
end
colours = {
    good = "Green",
    busy = "Aqua",
    calm = "Silver",
    warn = "Yellow",
    bad = "Red"
}
reasonColumnsMax = 60
customColumnsMax = 40
local staleAfterS = 30
local drawn
function ____exports.statusLine()
    local nowS = os.time()
    local told = notice()
    if told ~= nil and nowS >= told.untilS then
        setNotice(nil)
    end
    local known = link()
    local stale = known.kind == "up" and nowS - known.heardAtS > staleAfterS
    if drawn == nil or drawn.version ~= version() or drawn.stale ~= stale then
        drawn = {
            version = version(),
            stale = stale,
            text = build(stale)
        }
    end
    return drawn.text
end
return ____exports
 end,
["plugin.status.draw"] = function(...) 
local ____exports = {}
local announce
local wezterm = require("wezterm")
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local ____gui = require("plugin.gui")
local activePane = ____gui.activePane
local guiWindows = ____gui.guiWindows
local ____setup = require("plugin.setup")
local setup = ____setup.setup
local ____line = require("plugin.status.line")
local statusLine = ____line.statusLine
function announce(window)
    local pane = activePane(window)
    if pane ~= nil then
        window:perform_action(
            wezterm.action.EmitEvent("octo-status"),
            pane
        )
    end
end
function ____exports.drawStatusOf(window)
    local ____setup_result_options_0 = setup().options
    local status = ____setup_result_options_0.status
    if status == "right" then
        window:set_right_status(statusLine())
    end
    if status == "left" then
        window:set_left_status(statusLine())
    end
end
local pushed = ""
function ____exports.drawStatus()
    local text = statusLine()
    if text == pushed then
        return
    end
    pushed = text
    local isOff = setup().options.status == "off"
    for ____, window in ipairs(guiWindows()) do
        attempt(function()
            local ____isOff_1
            if isOff then
                ____isOff_1 = announce(window)
            else
                ____isOff_1 = ____exports.drawStatusOf(window)
            end
            return ____isOff_1
        end)
    end
end
return ____exports
 end,
["plugin.tell"] = function(...) 
local ____exports = {}
local toastMs, toastColumnsMax
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local ____inert = require("plugin.inert")
local short = ____inert.short
local ____log = require("plugin.log")
local logInfo = ____log.logInfo
local logWarning = ____log.logWarning
local ____state = require("plugin.state")
local setNotice = ____state.setNotice
local ____draw = require("plugin.status.draw")
local drawStatus = ____draw.drawStatus
function ____exports.toast(window, title, text)
    local message = string.gsub(
        short(text, toastColumnsMax),
        "<",
        "‹"
    )
    attempt(function() return window:toast_notification(
        short(title, toastColumnsMax),
        message,
        nil,
        toastMs
    ) end)
end
local noticeS = 8
toastMs = 8000
toastColumnsMax = 200
function ____exports.tell(text)
    logInfo(text)
    setNotice({
        text = text,
        isError = false,
        untilS = os.time() + noticeS
    })
    drawStatus()
end
function ____exports.tellError(window, text)
    logWarning(text)
    setNotice({
        text = text,
        isError = true,
        untilS = os.time() + noticeS
    })
    drawStatus()
    ____exports.toast(window, "octo", text)
end
function ____exports.tellRefusal(window, what, refusal)
    ____exports.tellError(window, (((((what .. ": ") .. refusal.code) .. ": ") .. refusal.message) .. ". ") .. refusal.next)
end
return ____exports
 end,
["plugin.deliver"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__ArrayFind = ____lualib.__TS__ArrayFind
local ____exports = {}
local isToasted, toastUnlessSeen, subjectOf, instanceOf, instanceOfAsk, instanceOfTask, nameOfInstance, otherGuisMs
local wezterm = require("wezterm")
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local ____gui = require("plugin.gui")
local isInView = ____gui.isInView
local ____ids = require("plugin.ids")
local isTaskId = ____ids.isTaskId
local ____call = require("plugin.link.call")
local call = ____call.call
local ____log = require("plugin.log")
local logWarning = ____log.logWarning
local ____news = require("plugin.news")
local nextNews = ____news.nextNews
local ____read = require("plugin.read")
local isTable = ____read.isTable
local tableAt = ____read.tableAt
local tablesAt = ____read.tablesAt
local textAt = ____read.textAt
local ____setup = require("plugin.setup")
local setup = ____setup.setup
local ____state = require("plugin.state")
local knownPanes = ____state.knownPanes
local ____tell = require("plugin.tell")
local toast = ____tell.toast
function isToasted(news)
    if not setup().options.toasts then
        return false
    end
    return news.kind == "ask" or news.kind == "notice" or news.kind == "task-finished" and news.state ~= "cancelled"
end
function toastUnlessSeen(window, news)
    local instanceId = instanceOf(news)
    local place = __TS__ArrayFind(
        knownPanes(),
        function(____, each) return each.instanceId == instanceId end
    )
    if place == nil then
        wezterm.sleep_ms(otherGuisMs)
    end
    local isSeen = place ~= nil and isInView(place.paneId)
    local claimed = call(
        "claim_toast",
        {subject = subjectOf(news)}
    )
    if isSeen or claimed.ok and isTable(claimed.result) and claimed.result.granted == false then
        return
    end
    if news.kind == "notice" then
        local what = string.gsub(news.on, "%.", " ")
        return toast(window, "octo: " .. what, news.text)
    end
    local where = instanceId == nil and "" or (" (" .. nameOfInstance(instanceId)) .. ")"
    if news.kind == "ask" then
        toast(window, "octo: waits for you" .. where, news.title)
    else
        toast(window, ("octo: " .. news.state) .. where, news.title)
    end
end
function subjectOf(news)
    if news.kind == "notice" then
        return news.notice_id
    end
    return news.kind == "ask" and news.ask_id or (news.task_id .. " ") .. news.state
end
function instanceOf(news)
    if news.kind == "notice" then
        return news.instance_id
    end
    local ____temp_0
    if news.kind == "ask" then
        ____temp_0 = instanceOfAsk(news.ask_id)
    else
        ____temp_0 = instanceOfTask(news.task_id)
    end
    return ____temp_0
end
function instanceOfAsk(askId)
    local answer = call("list_asks", {})
    local ____answer_ok_1
    if answer.ok then
        ____answer_ok_1 = __TS__ArrayFind(
            tablesAt(answer.result, "asks"),
            function(____, each) return textAt(each, "id") == askId end
        )
    else
        ____answer_ok_1 = nil
    end
    local ask = ____answer_ok_1
    return textAt(ask, "instanceId")
end
function instanceOfTask(taskId)
    local answer = isTaskId(taskId) and call("get_task", {taskId = taskId}) or nil
    local ____temp_4
    if (answer and answer.ok) == true then
        ____temp_4 = tableAt(answer.result, "task")
    else
        ____temp_4 = nil
    end
    local task = ____temp_4
    local attempts = tablesAt(task, "attempts")
    return textAt(task, "instanceId") or textAt(attempts[#attempts], "instanceId")
end
function nameOfInstance(instanceId)
    local answer = call("list_opencode_servers", {})
    local ____answer_ok_5
    if answer.ok then
        ____answer_ok_5 = __TS__ArrayFind(
            tablesAt(answer.result, "instances"),
            function(____, each) return textAt(each, "id") == instanceId end
        )
    else
        ____answer_ok_5 = nil
    end
    local instance = ____answer_ok_5
    return textAt(instance, "name") or instanceId
end
local toastsMax = 3
otherGuisMs = 200
function ____exports.deliverNews(window, pane)
    local toasts = 0
    do
        local news = nextNews()
        while news ~= nil do
            local told = news
            if isToasted(told) then
                toasts = toasts + 1
                if toasts <= toastsMax then
                    toastUnlessSeen(window, told)
                end
            end
            local emitted = attempt(function() return wezterm.emit("octo-" .. told.kind, window, pane, told) end)
            if not emitted.ok then
                logWarning((("a handler of octo-" .. told.kind) .. " failed: ") .. emitted.message)
            end
            news = nextNews()
        end
    end
    if toasts > toastsMax then
        toast(
            window,
            "octo",
            ("and " .. tostring(toasts - toastsMax)) .. " more: see the tasks and asks"
        )
    end
end
return ____exports
 end,
["plugin.directory"] = function(...) 
local ____exports = {}
local pathOf, partsOfUrl, partsOfText, fieldOf, isIndexable, isHere, firstLabel
local wezterm = require("wezterm")
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local ____inert = require("plugin.inert")
local toUtf8 = ____inert.toUtf8
function pathOf(cwd)
    if cwd == nil then
        return nil
    end
    local ____temp_1 = type(cwd) == "string" and partsOfText(cwd) or partsOfUrl(cwd)
    local host = ____temp_1.host
    local path = ____temp_1.path
    if not isHere(host) or path == nil or string.sub(path, 1, 1) ~= "/" then
        return nil
    end
    local trimmed = string.gsub(path, "(.)/+$", "%1")
    return toUtf8(trimmed) == trimmed and trimmed or nil
end
function partsOfUrl(url)
    return {
        host = fieldOf(url, "host"),
        path = fieldOf(url, "file_path")
    }
end
function partsOfText(text)
    local host, path = string.match(text, "^file://([^/]*)(/.*)$")
    if path == nil then
        return {host = nil, path = text}
    end
    local decoded = string.gsub(
        path,
        "%%(%x%x)",
        function(digits) return string.char(tonumber(digits, 16) or 63) end
    )
    return {host = host, path = decoded}
end
function fieldOf(url, name)
    if not isIndexable(url) then
        return nil
    end
    local value = url[name]
    return type(value) == "string" and value or nil
end
function isIndexable(value)
    return type(value) == "userdata" or type(value) == "table"
end
function isHere(host)
    if host == nil or host == "" or host == "localhost" then
        return true
    end
    local here = string.lower(wezterm.hostname())
    local there = string.lower(host)
    return there == here or firstLabel(there) == firstLabel(here)
end
function firstLabel(host)
    local label = string.match(host, "^[^.]+")
    return label or host
end
function ____exports.directoryOf(pane)
    local found = attempt(function() return pathOf(pane:get_current_working_dir()) end)
    local ____found_ok_0
    if found.ok then
        ____found_ok_0 = found.value
    else
        ____found_ok_0 = nil
    end
    return ____found_ok_0
end
return ____exports
 end,
["shared.domains"] = function(...) 
local ____exports = {}
____exports.domainsVersion = 1
function ____exports.domainName(host, domain)
    local ____temp_0
    if domain == "none" then
        ____temp_0 = nil
    else
        ____temp_0 = host
    end
    return ____temp_0
end
return ____exports
 end,
["plugin.domains-file"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__ArraySome = ____lualib.__TS__ArraySome
local __TS__ObjectAssign = ____lualib.__TS__ObjectAssign
local ____exports = {}
local entriesOf, sshEntry, tlsEntry, nameOf
local wezterm = require("wezterm")
local ____domains = require("shared.domains")
local domainsVersion = ____domains.domainsVersion
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local ____private_2Dfile = require("plugin.link.private-file")
local readFile = ____private_2Dfile.readFile
local ____log = require("plugin.log")
local warnOnce = ____log.warnOnce
local ____read = require("plugin.read")
local isTable = ____read.isTable
local tableAt = ____read.tableAt
local tablesAt = ____read.tablesAt
local textAt = ____read.textAt
function entriesOf(path, file, list, read)
    local entries = {}
    for ____, item in ipairs(tablesAt(file, list)) do
        local entry = read(item)
        if entry == nil then
            warnOnce(((((path .. ": ") .. list) .. " has an entry that WezTerm does not take (") .. (textAt(item, "name") or "no name")) .. ")")
        elseif not __TS__ArraySome(
            entries,
            function(____, ____bindingPattern0)
                local name
                name = ____bindingPattern0.name
                return name == entry.name
            end
        ) then
            entries[#entries + 1] = entry
        end
    end
    return entries
end
function sshEntry(from)
    local name, address, username = nameOf(from), textAt(from, "remote_address"), textAt(from, "username")
    local multiplexing = textAt(from, "multiplexing")
    if name == nil or address == nil or multiplexing ~= "None" and multiplexing ~= "WezTerm" then
        return nil
    end
    local port = textAt(
        tableAt(from, "ssh_option"),
        "port"
    )
    return __TS__ObjectAssign({name = name, remote_address = address, multiplexing = multiplexing}, username == nil and ({}) or ({username = username}), port == nil and ({}) or ({ssh_option = {port = port}}))
end
function tlsEntry(from)
    local name, address, bootstrap = nameOf(from), textAt(from, "remote_address"), textAt(from, "bootstrap_via_ssh")
    if name == nil or address == nil or bootstrap == nil then
        return nil
    end
    return {name = name, remote_address = address, bootstrap_via_ssh = bootstrap}
end
function nameOf(from)
    local name = textAt(from, "name")
    local ____temp_0
    if name == "" or name == "local" then
        ____temp_0 = nil
    else
        ____temp_0 = name
    end
    return ____temp_0
end
local fileBytesMax = 256 * 1024
function ____exports.readDomains(path)
    local text = readFile(path, fileBytesMax)
    if text == nil then
        return nil
    end
    local parsed = attempt(function() return wezterm.json_parse(text) end)
    if not parsed.ok or not isTable(parsed.value) then
        warnOnce(path .. " is cut off or no JSON: the hosts have no domains of WezTerm")
        return nil
    end
    if parsed.value.version ~= domainsVersion then
        warnOnce(path .. " is of another version of octo: update this plugin, or octo; the hosts have no domains of WezTerm")
        return nil
    end
    return {
        ssh = entriesOf(path, parsed.value, "ssh_domains", sshEntry),
        tls = entriesOf(path, parsed.value, "tls_clients", tlsEntry)
    }
end
return ____exports
 end,
["plugin.domains-to-come"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__SparseArrayNew = ____lualib.__TS__SparseArrayNew
local __TS__SparseArrayPush = ____lualib.__TS__SparseArrayPush
local __TS__SparseArraySpread = ____lualib.__TS__SparseArraySpread
local __TS__ArrayMap = ____lualib.__TS__ArrayMap
local __TS__ArrayFilter = ____lualib.__TS__ArrayFilter
local ____exports = {}
local isKnown, wasTold, toldKey
local wezterm = require("wezterm")
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local ____domains_2Dfile = require("plugin.domains-file")
local readDomains = ____domains_2Dfile.readDomains
local ____memory = require("plugin.memory")
local remember = ____memory.remember
local rememberedText = ____memory.rememberedText
local ____setup = require("plugin.setup")
local setup = ____setup.setup
local ____tell = require("plugin.tell")
local tell = ____tell.tell
function isKnown(name)
    local found = attempt(function() return wezterm.mux.get_domain(name) ~= nil end)
    return not found.ok or found.value
end
function wasTold(name)
    return (string.find(
        rememberedText(toldKey) or "",
        ("\n" .. name) .. "\n",
        1,
        true
    )) ~= nil
end
toldKey = "domains_told"
function ____exports.tellOfDomainsToCome()
    local ____setup_result_0 = setup()
    local folders = ____setup_result_0.folders
    local options = ____setup_result_0.options
    if not options.domains or wezterm.gui == nil then
        return
    end
    local found = readDomains(folders.state .. "/domains.json")
    if found == nil then
        return
    end
    local ____array_1 = __TS__SparseArrayNew(table.unpack(found.ssh))
    __TS__SparseArrayPush(
        ____array_1,
        table.unpack(found.tls)
    )
    local fresh = __TS__ArrayFilter(
        __TS__ArrayMap(
            {__TS__SparseArraySpread(____array_1)},
            function(____, ____bindingPattern0)
                local name
                name = ____bindingPattern0.name
                return name
            end
        ),
        function(____, name) return not isKnown(name) and not wasTold(name) end
    )
    if #fresh == 0 then
        return
    end
    for ____, name in ipairs(fresh) do
        remember(
            toldKey,
            ((rememberedText(toldKey) or "\n") .. name) .. "\n"
        )
    end
    tell(("a WezTerm started from now on has the domain " .. table.concat(fresh, ", ")) .. "; until then panes of that host are local")
end
return ____exports
 end,
["plugin.domains"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__SparseArrayNew = ____lualib.__TS__SparseArrayNew
local __TS__SparseArrayPush = ____lualib.__TS__SparseArrayPush
local __TS__SparseArraySpread = ____lualib.__TS__SparseArraySpread
local Set = ____lualib.Set
local __TS__New = ____lualib.__TS__New
local __TS__ArrayFilter = ____lualib.__TS__ArrayFilter
local ____exports = {}
local namesIn, nameOf, withoutTaken, defaultUnixDomain
local wezterm = require("wezterm")
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local ____domains_2Dfile = require("plugin.domains-file")
local readDomains = ____domains_2Dfile.readDomains
local ____log = require("plugin.log")
local warnOnce = ____log.warnOnce
local ____setup = require("plugin.setup")
local setup = ____setup.setup
function namesIn(config)
    local names = __TS__New(Set)
    if config.unix_domains == nil then
        names:add(defaultUnixDomain)
    end
    for ____, list in ipairs({
        config.ssh_domains,
        config.tls_clients,
        config.unix_domains,
        config.exec_domains,
        config.wsl_domains
    }) do
        for ____, domain in ipairs(list or ({})) do
            local name = attempt(function() return nameOf(domain) end)
            if name.ok and name.value ~= nil then
                names:add(name.value)
            end
        end
    end
    return names
end
function nameOf(domain)
    return type(domain.name) == "string" and domain.name or nil
end
function withoutTaken(____bindingPattern0, taken)
    local tls
    local ssh
    ssh = ____bindingPattern0.ssh
    tls = ____bindingPattern0.tls
    local function isFree(____bindingPattern0)
        local name
        name = ____bindingPattern0.name
        if taken:has(name) then
            warnOnce(("the domain " .. name) .. " is yours already: octo leaves it as it is, and opens the host's panes in it")
        end
        return not taken:has(name)
    end
    return {
        ssh = __TS__ArrayFilter(
            ssh,
            function(____, each) return isFree(each) end
        ),
        tls = __TS__ArrayFilter(
            tls,
            function(____, each) return isFree(each) end
        )
    }
end
defaultUnixDomain = "unix"
function ____exports.addDomains(config)
    local found = readDomains(setup().folders.state .. "/domains.json")
    if found == nil then
        return
    end
    local free = withoutTaken(
        found,
        namesIn(config)
    )
    if #free.ssh > 0 then
        local ____config_1 = config
        local ____array_0 = __TS__SparseArrayNew(table.unpack(config.ssh_domains or wezterm.default_ssh_domains()))
        __TS__SparseArrayPush(
            ____array_0,
            table.unpack(free.ssh)
        )
        ____config_1.ssh_domains = {__TS__SparseArraySpread(____array_0)}
    end
    if #free.tls > 0 then
        local ____config_3 = config
        local ____array_2 = __TS__SparseArrayNew(table.unpack(config.tls_clients or ({})))
        __TS__SparseArrayPush(
            ____array_2,
            table.unpack(free.tls)
        )
        ____config_3.tls_clients = {__TS__SparseArraySpread(____array_2)}
    end
end
return ____exports
 end,
["plugin.drafts"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__ArrayFilter = ____lualib.__TS__ArrayFilter
local ____exports = {}
local wezterm = require("wezterm")
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local ____inert = require("plugin.inert")
local toUtf8 = ____inert.toUtf8
local ____private_2Dfile = require("plugin.link.private-file")
local ensurePrivateFile = ____private_2Dfile.ensurePrivateFile
local readFile = ____private_2Dfile.readFile
local writeFile = ____private_2Dfile.writeFile
local ____setup = require("plugin.setup")
local setup = ____setup.setup
function ____exports.isBlank(text)
    return (string.find(text, "%S")) == nil
end
local draftBytesMax = 1024 * 1024 + 1
local function draftsFolder()
    return setup().folders.state .. "/drafts"
end
function ____exports.newDraft()
    local path = ((((draftsFolder() .. "/") .. os.date("%Y%m%d-%H%M%S")) .. "-") .. string.format(
        "%04x",
        math.random(0, 65535)
    )) .. ".md"
    return ensurePrivateFile(path) and path or nil
end
function ____exports.keepAsDraft(prompt)
    local path = ____exports.newDraft()
    return path ~= nil and writeFile(path, prompt) and path or nil
end
function ____exports.readDraft(path)
    return toUtf8(readFile(path, draftBytesMax) or "")
end
function ____exports.dropDraft(path)
    os.remove(path)
end
function ____exports.keptDrafts()
    local found = attempt(function() return wezterm.glob(draftsFolder() .. "/*.md") end)
    if not found.ok then
        return {}
    end
    local paths = {table.unpack(found.value)}
    table.sort(
        paths,
        function(first, second) return first > second end
    )
    return __TS__ArrayFilter(
        paths,
        function(____, path) return not ____exports.isBlank(readFile(path, 256) or "") end
    )
end
return ____exports
 end,
["plugin.version"] = function(...) 
local ____exports = {}
____exports.pluginVersion = "0.1.0"
return ____exports
 end,
["plugin.link.register"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__ObjectAssign = ____lualib.__TS__ObjectAssign
local ____exports = {}
local absolute
local wezterm = require("wezterm")
local ____environment = require("plugin.environment")
local environmentVariable = ____environment.environmentVariable
local ____log = require("plugin.log")
local logInfo = ____log.logInfo
local ____setup = require("plugin.setup")
local setup = ____setup.setup
local ____version = require("plugin.version")
local pluginVersion = ____version.pluginVersion
local ____call = require("plugin.link.call")
local callOpenly = ____call.callOpenly
local ____request_2Dfiles = require("plugin.link.request-files")
local prepareRequestFile = ____request_2Dfiles.prepareRequestFile
local ____settings = require("plugin.link.settings")
local spoolFolder = ____settings.spoolFolder
local takeSettings = ____settings.takeSettings
function absolute(path)
    return path ~= nil and string.sub(path, 1, 1) == "/" and path or nil
end
function ____exports.registerGui()
    local ____setup_result_0 = setup()
    local guiId = ____setup_result_0.guiId
    local options = ____setup_result_0.options
    local weztermSocket = environmentVariable("WEZTERM_UNIX_SOCKET")
    if weztermSocket == nil then
        return {ok = false, code = "GUI_UNKNOWN", message = "WezTerm has no socket", next = ""}
    end
    local sshAuthSock = absolute(environmentVariable("SSH_AUTH_SOCK"))
    local registered = callOpenly(
        "register_gui",
        __TS__ObjectAssign({guiId = guiId, weztermSocket = weztermSocket, weztermCommand = options.wezterm or wezterm.executable_dir .. "/wezterm", version = pluginVersion}, sshAuthSock == nil and ({}) or ({sshAuthSock = sshAuthSock}))
    )
    if registered.ok then
        takeSettings(registered.result)
    else
        logInfo((("this GUI has no panes of octo: " .. registered.code) .. ": ") .. registered.message)
    end
    prepareRequestFile(spoolFolder())
    return registered
end
return ____exports
 end,
["plugin.panes"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__ArrayFind = ____lualib.__TS__ArrayFind
local ____exports = {}
local registered
local ____directory = require("plugin.directory")
local directoryOf = ____directory.directoryOf
local ____ids = require("plugin.ids")
local isInstanceId = ____ids.isInstanceId
local isTaskId = ____ids.isTaskId
local ____call = require("plugin.link.call")
local call = ____call.call
local refused = ____call.refused
local ____register = require("plugin.link.register")
local registerGui = ____register.registerGui
local ____read = require("plugin.read")
local tableAt = ____read.tableAt
local tablesAt = ____read.tablesAt
local textAt = ____read.textAt
local ____setup = require("plugin.setup")
local setup = ____setup.setup
local ____state = require("plugin.state")
local knownPanes = ____state.knownPanes
function ____exports.fieldOfTask(taskId, field)
    local answer = isTaskId(taskId) and call("get_task", {taskId = taskId}) or nil
    local ____temp_6
    if (answer and answer.ok) == true then
        ____temp_6 = textAt(
            tableAt(answer.result, "task"),
            field
        )
    else
        ____temp_6 = nil
    end
    return ____temp_6
end
function registered(ask)
    local first = ask()
    if first.ok or first.code ~= "GUI_UNKNOWN" then
        return first
    end
    local again = registerGui()
    return again.ok and ask() or again
end
function ____exports.instanceOf(pane)
    local paneId = pane:pane_id()
    local ____opt_0 = __TS__ArrayFind(
        knownPanes(),
        function(____, each) return each.paneId == paneId end
    )
    return ____opt_0 and ____opt_0.instanceId
end
function ____exports.taskOf(pane)
    if ____exports.instanceOf(pane) == nil then
        return nil
    end
    local paneId = pane:pane_id()
    local answer = call(
        "pane_views",
        {guiId = setup().guiId}
    )
    local ____answer_ok_2
    if answer.ok then
        ____answer_ok_2 = __TS__ArrayFind(
            tablesAt(answer.result, "panes"),
            function(____, each) return each.paneId == paneId end
        )
    else
        ____answer_ok_2 = nil
    end
    local view = ____answer_ok_2
    return textAt(view, "taskId")
end
function ____exports.directoryFor(pane)
    if ____exports.instanceOf(pane) == nil then
        return directoryOf(pane)
    end
    local taskId = ____exports.taskOf(pane)
    local ____temp_3
    if taskId == nil then
        ____temp_3 = nil
    else
        ____temp_3 = ____exports.fieldOfTask(taskId, "directory")
    end
    return ____temp_3
end
function ____exports.openPane(____bindingPattern0, target, focus)
    local pane
    local window
    window = ____bindingPattern0.window
    pane = ____bindingPattern0.pane
    if not isInstanceId(target) and not isTaskId(target) then
        return refused("INSTANCE_UNKNOWN", target .. " is no instance and no task", "")
    end
    local ____setup_result_7 = setup()
    local guiId = ____setup_result_7.guiId
    local params = {
        target = target,
        guiId = guiId,
        windowId = window:window_id(),
        shownPaneId = pane:pane_id(),
        focus = focus
    }
    return registered(function() return call("open_pane", params) end)
end
function ____exports.openPanes(____bindingPattern0)
    local pane
    local window
    window = ____bindingPattern0.window
    pane = ____bindingPattern0.pane
    local ____setup_result_8 = setup()
    local guiId = ____setup_result_8.guiId
    return registered(function() return call(
        "open_panes",
        {
            guiId = guiId,
            windowId = window:window_id(),
            shownPaneId = pane:pane_id()
        }
    ) end)
end
return ____exports
 end,
["plugin.actions.forms"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__ArraySlice = ____lualib.__TS__ArraySlice
local __TS__ArrayMap = ____lualib.__TS__ArrayMap
local ____exports = {}
local perform, formKey, isRecord
local wezterm = require("wezterm")
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local ____inert = require("plugin.inert")
local inert = ____inert.inert
local short = ____inert.short
local ____memory = require("plugin.memory")
local forget = ____memory.forget
local rememberedTable = ____memory.rememberedTable
local rememberTable = ____memory.rememberTable
local ____tell = require("plugin.tell")
local tellError = ____tell.tellError
function perform(window, pane, action)
    local performed = attempt(function() return window:perform_action(action, pane) end)
    if not performed.ok then
        tellError(window, "WezTerm cannot show the form: " .. performed.message)
    end
end
function formKey(window)
    return "form_" .. tostring(window:window_id())
end
function isRecord(value)
    return type(value) == "table"
end
local labelColumnsMax = 160
local choicesMax = 200
function ____exports.choose(window, pane, event, title, choices)
    local shown = #choices == 0 and ({{id = "", label = "(nothing)"}}) or __TS__ArraySlice(choices, 0, choicesMax)
    perform(
        window,
        pane,
        wezterm.action.InputSelector({
            title = inert(title),
            fuzzy = true,
            description = inert(title),
            fuzzy_description = inert(title) .. ": ",
            choices = __TS__ArrayMap(
                shown,
                function(____, ____bindingPattern0)
                    local label
                    local id
                    id = ____bindingPattern0.id
                    label = ____bindingPattern0.label
                    return {
                        id = id,
                        label = short(label, labelColumnsMax)
                    }
                end
            ),
            action = wezterm.action.EmitEvent(event)
        })
    )
end
function ____exports.askLine(window, pane, event, description)
    perform(
        window,
        pane,
        wezterm.action.PromptInputLine({
            description = inert(description),
            action = wezterm.action.EmitEvent(event)
        })
    )
end
function ____exports.keepForm(window, form)
    rememberTable(
        formKey(window),
        form
    )
end
function ____exports.formOf(window)
    local form = rememberedTable(formKey(window))
    return isRecord(form) and form or ({})
end
function ____exports.endForm(window)
    forget(formKey(window))
end
function ____exports.splitId(id)
    local verb, rest = string.match(id, "^([^:]*):?(.*)$")
    return {verb or "", rest or ""}
end
return ____exports
 end,
["plugin.actions.submit"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__ArrayMap = ____lualib.__TS__ArrayMap
local ____exports = {}
local report
local ____drafts = require("plugin.drafts")
local dropDraft = ____drafts.dropDraft
local keepAsDraft = ____drafts.keepAsDraft
local ____ids = require("plugin.ids")
local isTaskId = ____ids.isTaskId
local ____call = require("plugin.link.call")
local call = ____call.call
local ____read = require("plugin.read")
local tableAt = ____read.tableAt
local textAt = ____read.textAt
local textsAt = ____read.textsAt
local ____tell = require("plugin.tell")
local tell = ____tell.tell
local tellRefusal = ____tell.tellRefusal
function report(window, prompt, sent, draft)
    if not sent.ok then
        local kept = draft or keepAsDraft(prompt)
        local where = kept == nil and "" or " (the prompt is kept as a draft: compose opens it again)"
        return tellRefusal(window, "not sent" .. where, sent)
    end
    if draft ~= nil then
        dropDraft(draft)
    end
    local task = tableAt(sent.result, "task")
    local notices = __TS__ArrayMap(
        textsAt(sent.result, "notices"),
        function(____, each) return "; " .. each end
    )
    tell(((("sent " .. (textAt(task, "id") or "")) .. ": ") .. (textAt(task, "title") or "")) .. table.concat(notices, ""))
end
function ____exports.submit(window, params, draft)
    report(
        window,
        params.prompt,
        call("distribute_task", params),
        draft
    )
end
function ____exports.submitReply(window, taskId, prompt)
    if isTaskId(taskId) then
        report(
            window,
            prompt,
            call("reply_task", {taskId = taskId, prompt = prompt}),
            nil
        )
    end
end
return ____exports
 end,
["plugin.actions.dispatch-form"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__ObjectAssign = ____lualib.__TS__ObjectAssign
local __TS__ArrayFind = ____lualib.__TS__ArrayFind
local __TS__ArrayMap = ____lualib.__TS__ArrayMap
local Set = ____lualib.Set
local __TS__New = ____lualib.__TS__New
local __TS__Spread = ____lualib.__TS__Spread
local __TS__SparseArrayNew = ____lualib.__TS__SparseArrayNew
local __TS__SparseArrayPush = ____lualib.__TS__SparseArrayPush
local __TS__SparseArraySpread = ____lualib.__TS__SparseArraySpread
local ____exports = {}
local nextQuestion, leave, send, strategyOf, strategyChoices, hostChoices, instanceChoices, directoryChoices, directoriesMax
local wezterm = require("wezterm")
local ____task = require("shared.task")
local strategies = ____task.strategies
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local ____directory = require("plugin.directory")
local directoryOf = ____directory.directoryOf
local ____drafts = require("plugin.drafts")
local keepAsDraft = ____drafts.keepAsDraft
local ____ids = require("plugin.ids")
local isHostId = ____ids.isHostId
local isInstanceId = ____ids.isInstanceId
local ____call = require("plugin.link.call")
local call = ____call.call
local ____panes = require("plugin.panes")
local instanceOf = ____panes.instanceOf
local ____read = require("plugin.read")
local tablesAt = ____read.tablesAt
local textAt = ____read.textAt
local ____tell = require("plugin.tell")
local tell = ____tell.tell
local ____forms = require("plugin.actions.forms")
local askLine = ____forms.askLine
local choose = ____forms.choose
local endForm = ____forms.endForm
local formOf = ____forms.formOf
local keepForm = ____forms.keepForm
local splitId = ____forms.splitId
local ____submit = require("plugin.actions.submit")
local submit = ____submit.submit
function nextQuestion(form)
    if form.long == true then
        if form.strategy == nil then
            return {
                title = "Strategy",
                choices = strategyChoices()
            }
        end
        local instances = call("list_opencode_servers", {})
        local known = instances.ok and tablesAt(instances.result, "instances") or ({})
        if form.host == nil then
            return {
                title = "Host",
                choices = hostChoices(known)
            }
        end
        local choices = instanceChoices(
            known,
            textAt(form, "host") or ""
        )
        if form.instance == nil then
            return {title = "Instance", choices = choices}
        end
    end
    local directory = textAt(form, "directory")
    if directory ~= nil and (form.long ~= true or form.directoryChosen == true) then
        return nil
    end
    return {
        title = "Directory",
        choices = directoryChoices(directory)
    }
end
function leave(window, form)
    endForm(window)
    if textAt(form, "draft") ~= nil then
        tell("not sent: the prompt is kept as a draft (compose opens it again)")
    end
end
function send(window, form)
    local instance = textAt(form, "instance")
    local host = textAt(form, "host")
    local filter = __TS__ObjectAssign(
        {},
        isInstanceId(instance) and ({instances = {instance}}) or ({}),
        isHostId(host) and ({hosts = {host}}) or ({})
    )
    local strategy = strategyOf(textAt(form, "strategy"))
    local task = __TS__ObjectAssign(
        {
            prompt = textAt(form, "prompt") or "",
            directory = textAt(form, "directory") or ""
        },
        filter.instances == nil and filter.hosts == nil and ({}) or ({filter = filter}),
        strategy == nil and ({}) or ({strategy = strategy})
    )
    submit(
        window,
        task,
        textAt(form, "draft")
    )
end
function strategyOf(name)
    return __TS__ArrayFind(
        strategies,
        function(____, each) return each == name end
    )
end
function strategyChoices()
    return {
        {id = "strategy:", label = "as configured"},
        table.unpack(__TS__ArrayMap(
            strategies,
            function(____, name) return {id = "strategy:" .. name, label = name} end
        ))
    }
end
function hostChoices(instances)
    local names = __TS__New(Set, {"local"})
    for ____, instance in ipairs(instances) do
        names:add(textAt(instance, "host") or "local")
    end
    return {
        {id = "host:", label = "any host"},
        table.unpack(__TS__ArrayMap(
            {__TS__Spread(names)},
            function(____, name) return {id = "host:" .. name, label = name} end
        ))
    }
end
function instanceChoices(instances, host)
    local choices = {{id = "instance:", label = "any instance"}}
    for ____, instance in ipairs(instances) do
        do
            if host ~= "" and textAt(instance, "host") ~= host then
                goto __continue29
            end
            local id, name, state = textAt(instance, "id"), textAt(instance, "name"), textAt(instance, "state")
            if id ~= nil then
                choices[#choices + 1] = {id = "instance:" .. id, label = ((name or id) .. "  ") .. (state or "")}
            end
        end
        ::__continue29::
    end
    return choices
end
function directoryChoices(first)
    local known = __TS__New(Set)
    if first ~= nil then
        known:add(first)
    end
    attempt(function()
        for ____, window in ipairs(wezterm.mux.all_windows()) do
            for ____, tab in ipairs(window:tabs()) do
                for ____, pane in ipairs(tab:panes()) do
                    local ____temp_0
                    if instanceOf(pane) == nil then
                        ____temp_0 = directoryOf(pane)
                    else
                        ____temp_0 = nil
                    end
                    local directory = ____temp_0
                    if directory ~= nil and known.size < directoriesMax then
                        known:add(directory)
                    end
                end
            end
        end
    end)
    local ____array_1 = __TS__SparseArrayNew(table.unpack(__TS__ArrayMap(
        {__TS__Spread(known)},
        function(____, directory) return {id = "directory:" .. directory, label = directory} end
    )))
    __TS__SparseArrayPush(____array_1, {id = "other:", label = "another: type its path"})
    return {__TS__SparseArraySpread(____array_1)}
end
____exports.formEvent = "octo-dispatch-form"
____exports.directoryEvent = "octo-dispatch-directory"
directoriesMax = 40
function ____exports.nextStep(window, pane, form)
    local question = nextQuestion(form)
    if question == nil then
        endForm(window)
        return send(window, form)
    end
    keepForm(
        window,
        __TS__ObjectAssign(
            {},
            form,
            {draft = textAt(form, "draft") or keepAsDraft(textAt(form, "prompt") or "")}
        )
    )
    choose(
        window,
        pane,
        ____exports.formEvent,
        question.title,
        question.choices
    )
end
function ____exports.onFormChoice(window, pane, id)
    local form = formOf(window)
    if textAt(form, "prompt") == nil then
        return
    end
    if id == nil or id == "" then
        return leave(window, form)
    end
    local field, value = table.unpack(
        splitId(id),
        1,
        2
    )
    if field == "other" then
        return askLine(window, pane, ____exports.directoryEvent, "Directory (an absolute path)")
    end
    ____exports.nextStep(
        window,
        pane,
        field == "directory" and __TS__ObjectAssign({}, form, {directory = value, directoryChosen = true}) or __TS__ObjectAssign({}, form, {[field] = value})
    )
end
function ____exports.onDirectory(window, pane, line)
    local form = formOf(window)
    if textAt(form, "prompt") == nil then
        return
    end
    if line == nil or line == "" then
        return leave(window, form)
    end
    local rest = string.match(line, "^~(/?.*)$")
    ____exports.nextStep(
        window,
        pane,
        __TS__ObjectAssign({}, form, {directory = rest == nil and line or wezterm.home_dir .. rest, directoryChosen = true})
    )
end
return ____exports
 end,
["plugin.actions.dispatch"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__ObjectAssign = ____lualib.__TS__ObjectAssign
local ____exports = {}
local askPrompt, titleOf
local ____drafts = require("plugin.drafts")
local isBlank = ____drafts.isBlank
local ____panes = require("plugin.panes")
local directoryFor = ____panes.directoryFor
local fieldOfTask = ____panes.fieldOfTask
local instanceOf = ____panes.instanceOf
local taskOf = ____panes.taskOf
local ____read = require("plugin.read")
local textAt = ____read.textAt
local ____tell = require("plugin.tell")
local tell = ____tell.tell
local ____dispatch_2Dform = require("plugin.actions.dispatch-form")
local nextStep = ____dispatch_2Dform.nextStep
local ____forms = require("plugin.actions.forms")
local askLine = ____forms.askLine
local choose = ____forms.choose
local endForm = ____forms.endForm
local formOf = ____forms.formOf
local keepForm = ____forms.keepForm
local splitId = ____forms.splitId
local ____submit = require("plugin.actions.submit")
local submitReply = ____submit.submitReply
function askPrompt(window, pane, form)
    keepForm(window, form)
    local directory = textAt(form, "directory")
    local where = textAt(form, "reply") ~= nil and "Reply" or (directory == nil and "Prompt" or "Prompt for " .. directory)
    askLine(window, pane, ____exports.lineEvent, where .. " (Enter sends it, CTRL+C leaves)")
end
function titleOf(taskId)
    return fieldOfTask(taskId, "title") or taskId
end
____exports.targetEvent = "octo-dispatch-target"
____exports.lineEvent = "octo-dispatch-line"
function ____exports.dispatch(window, pane)
    local instanceId = instanceOf(pane)
    if instanceId == nil then
        return askPrompt(
            window,
            pane,
            {directory = directoryFor(pane)}
        )
    end
    local taskId = taskOf(pane)
    local choices = {{id = "instance:" .. instanceId, label = "to this instance"}}
    if taskId ~= nil then
        choices[#choices + 1] = {
            id = "reply:" .. taskId,
            label = ("as a reply to the task shown here (" .. titleOf(taskId)) .. ")"
        }
    end
    choices[#choices + 1] = {id = "any:", label = "to any instance"}
    choose(
        window,
        pane,
        ____exports.targetEvent,
        "Dispatch a prompt",
        choices
    )
end
function ____exports.dispatchTo(window, pane)
    askPrompt(
        window,
        pane,
        {
            directory = directoryFor(pane),
            long = true
        }
    )
end
function ____exports.dispatchToInstance(window, pane, instanceId)
    askPrompt(
        window,
        pane,
        {
            instance = instanceId,
            directory = directoryFor(pane)
        }
    )
end
function ____exports.replyTo(window, pane, taskId)
    askPrompt(window, pane, {reply = taskId})
end
function ____exports.replyHere(window, pane)
    local taskId = taskOf(pane)
    if taskId == nil then
        tell("this pane shows no task of octo: choose one from the tasks")
    else
        ____exports.replyTo(window, pane, taskId)
    end
end
function ____exports.onTarget(window, pane, id)
    local verb, rest = table.unpack(
        splitId(id or ""),
        1,
        2
    )
    if verb == "instance" then
        askPrompt(
            window,
            pane,
            {
                instance = rest,
                directory = directoryFor(pane)
            }
        )
    end
    if verb == "reply" then
        ____exports.replyTo(window, pane, rest)
    end
    if verb == "any" then
        askPrompt(
            window,
            pane,
            {directory = directoryFor(pane)}
        )
    end
end
function ____exports.onLine(window, pane, line)
    local form = formOf(window)
    endForm(window)
    if line == nil then
        return
    end
    if isBlank(line) then
        return tell("nothing was sent: the prompt is empty")
    end
    local reply = textAt(form, "reply")
    if reply ~= nil then
        submitReply(window, reply, line)
    else
        nextStep(
            window,
            pane,
            __TS__ObjectAssign({}, form, {prompt = line})
        )
    end
end
return ____exports
 end,
["plugin.actions.results"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__ArrayMap = ____lualib.__TS__ArrayMap
local ____exports = {}
local tellDropped
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local ____ids = require("plugin.ids")
local isTaskId = ____ids.isTaskId
local ____call = require("plugin.link.call")
local call = ____call.call
local ____read = require("plugin.read")
local tableAt = ____read.tableAt
local textAt = ____read.textAt
local textsAt = ____read.textsAt
local ____tell = require("plugin.tell")
local tell = ____tell.tell
local tellError = ____tell.tellError
local tellRefusal = ____tell.tellRefusal
local ____forms = require("plugin.actions.forms")
local choose = ____forms.choose
local splitId = ____forms.splitId
function tellDropped(taskId, result)
    local drop = tableAt(result, "drop")
    tell(((((("the branch of " .. taskId) .. " is dropped; git branch ") .. (textAt(drop, "branch") or "NAME")) .. " ") .. (textAt(drop, "commit") or "")) .. " brings it back")
end
____exports.dropEvent = "octo-task-drop"
local gitTimeoutS = 60
function ____exports.mergeTask(window, taskId)
    local merged = call("merge_task", {taskId = taskId}, gitTimeoutS)
    if not merged.ok then
        return tellRefusal(window, "not merged", merged)
    end
    local merge = tableAt(merged.result, "merge")
    local into = textAt(merge, "into") or ""
    local notices = __TS__ArrayMap(
        textsAt(merge, "notices"),
        function(____, each) return "; " .. each end
    )
    if textAt(merge, "how") == "none" then
        return tell(((("everything of " .. taskId) .. " is in ") .. into) .. " already")
    end
    local files = #textsAt(merge, "files")
    tell(((((taskId .. " is merged into ") .. into) .. ": ") .. (files == 1 and "one file" or tostring(files) .. " files")) .. table.concat(notices, ""))
end
function ____exports.dropTask(window, pane, taskId)
    local dropped = call("drop_task", {taskId = taskId}, gitTimeoutS)
    if not dropped.ok and dropped.code == "BRANCH_NOT_MERGED" then
        return choose(
            window,
            pane,
            ____exports.dropEvent,
            taskId .. ": its branch is merged nowhere",
            {{id = "keep:", label = "keep it"}, {id = "force:" .. taskId, label = "drop it, with what it changed"}}
        )
    end
    if not dropped.ok then
        return tellRefusal(window, "not dropped", dropped)
    end
    tellDropped(taskId, dropped.result)
end
function ____exports.onDrop(window, _pane, id)
    local verb, taskId = table.unpack(
        splitId(id or ""),
        1,
        2
    )
    if verb ~= "force" or not isTaskId(taskId) then
        return
    end
    local dropped = call("drop_task", {taskId = taskId, force = true}, gitTimeoutS)
    if not dropped.ok then
        return tellRefusal(window, "not dropped", dropped)
    end
    tellDropped(taskId, dropped.result)
end
function ____exports.openTree(window, taskId)
    local opened = call("open_task", {taskId = taskId}, gitTimeoutS)
    if not opened.ok then
        return tellRefusal(window, "no working tree", opened)
    end
    local cwd = textAt(
        tableAt(opened.result, "open"),
        "path"
    )
    if cwd == nil then
        return tellError(window, "the bridge names no folder")
    end
    local spawned = attempt(function() return window:mux_window():spawn_tab({cwd = cwd, domain = {DomainName = "local"}}) end)
    if not spawned.ok then
        tellError(window, "the tab cannot be opened: " .. spawned.message)
    end
end
return ____exports
 end,
["plugin.actions.terminal"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__SparseArrayNew = ____lualib.__TS__SparseArrayNew
local __TS__SparseArrayPush = ____lualib.__TS__SparseArrayPush
local __TS__SparseArraySpread = ____lualib.__TS__SparseArraySpread
local ____exports = {}
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local ____programs_2Dused = require("plugin.link.programs-used")
local octoProgram = ____programs_2Dused.octoProgram
local ____programs = require("plugin.programs")
local pathFor = ____programs.pathFor
local ____setup = require("plugin.setup")
local setup = ____setup.setup
local ____tell = require("plugin.tell")
local tellError = ____tell.tellError
local showAndWait = "\"$@\"; printf \"\\n[Enter closes this tab] \"; read -r answer"
local waitWhenItFails = "\"$@\" || { printf \"\\n[Enter closes this tab] \"; read -r answer; }"
local showInPager = "\"$@\" 2>&1 | ${PAGER:-less}"
local scripts = {wait = showAndWait, pager = showInPager, none = waitWhenItFails}
function ____exports.runOcto(window, args, ending)
    local octo = octoProgram()
    if octo == nil then
        return tellError(window, "octo is missing: install it, or set the option octo to its path")
    end
    local ____array_0 = __TS__SparseArrayNew(
        "/usr/bin/env",
        "PATH=" .. pathFor(octo),
        table.unpack(setup().folders.environment)
    )
    __TS__SparseArrayPush(
        ____array_0,
        octo,
        table.unpack(args)
    )
    local command = {__TS__SparseArraySpread(____array_0)}
    local spawned = attempt(function()
        local tab = window:mux_window():spawn_tab({
            args = {
                "/bin/sh",
                "-c",
                scripts[ending],
                "sh",
                table.unpack(command)
            },
            domain = {DomainName = "local"}
        })
        tab:set_title("octo " .. (args[1] or ""))
    end)
    if not spawned.ok then
        tellError(window, "the tab cannot be opened: " .. spawned.message)
    end
end
return ____exports
 end,
["plugin.actions.tasks"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__ArrayIncludes = ____lualib.__TS__ArrayIncludes
local __TS__ArrayUnshift = ____lualib.__TS__ArrayUnshift
local __TS__ArrayPush = ____lualib.__TS__ArrayPush
local ____exports = {}
local showTasks, labelOf, tasksMax, signs
local ____ids = require("plugin.ids")
local isTaskId = ____ids.isTaskId
local ____call = require("plugin.link.call")
local call = ____call.call
local ____panes = require("plugin.panes")
local openPane = ____panes.openPane
local taskOf = ____panes.taskOf
local ____read = require("plugin.read")
local tablesAt = ____read.tablesAt
local textAt = ____read.textAt
local ____tell = require("plugin.tell")
local tell = ____tell.tell
local tellRefusal = ____tell.tellRefusal
local ____dispatch = require("plugin.actions.dispatch")
local replyTo = ____dispatch.replyTo
local ____forms = require("plugin.actions.forms")
local choose = ____forms.choose
local splitId = ____forms.splitId
local ____results = require("plugin.actions.results")
local dropTask = ____results.dropTask
local mergeTask = ____results.mergeTask
local openTree = ____results.openTree
local ____terminal = require("plugin.actions.terminal")
local runOcto = ____terminal.runOcto
function showTasks(window, pane, event, title, isWanted, verb)
    if verb == nil then
        verb = ""
    end
    local listed = call("list_tasks", {limit = tasksMax, brief = true})
    if not listed.ok then
        return tellRefusal(window, "the tasks are not known", listed)
    end
    local here = taskOf(pane)
    local choices = {}
    for ____, task in ipairs(tablesAt(listed.result, "tasks")) do
        do
            local id, state = textAt(task, "id") or "", textAt(task, "state") or ""
            if not isWanted(state) then
                goto __continue8
            end
            local choice = {
                id = verb == "" and (state .. ":") .. id or verb .. id,
                label = labelOf(task, state, id)
            }
            if id == here or state == "waiting" then
                __TS__ArrayUnshift(choices, choice)
            else
                choices[#choices + 1] = choice
            end
        end
        ::__continue8::
    end
    if #choices == 0 then
        return tell(verb == "" and "there are no tasks yet" or "there is no task to cancel")
    end
    choose(
        window,
        pane,
        event,
        title,
        choices
    )
end
function labelOf(task, state, id)
    local detail = textAt(task, "detail") or ""
    return (((((((signs[state] or "?") .. " ") .. (textAt(task, "title") or id)) .. "  ") .. state) .. ((detail == "" or detail == state) and "" or ", " .. detail)) .. "  ") .. id
end
function ____exports.report(window, done, result)
    if not result.ok then
        return tellRefusal(window, "not done", result)
    end
    local notice = textAt(result.result, "notice")
    tell(notice == nil and done or (done .. "; ") .. notice)
end
____exports.taskEvent = "octo-task"
____exports.taskActionEvent = "octo-task-action"
tasksMax = 60
signs = {
    queued = "·",
    running = "▶",
    waiting = "⚠",
    succeeded = "✓",
    failed = "✗",
    cancelled = "−"
}
local live = {"queued", "running", "waiting"}
function ____exports.tasks(window, pane)
    showTasks(
        window,
        pane,
        ____exports.taskEvent,
        "Tasks",
        function() return true end
    )
end
function ____exports.cancel(window, pane)
    showTasks(
        window,
        pane,
        ____exports.taskActionEvent,
        "Cancel a task",
        function(state) return __TS__ArrayIncludes(live, state) end,
        "cancel:"
    )
end
function ____exports.onTask(window, pane, id)
    local state, taskId = table.unpack(
        splitId(id or ""),
        1,
        2
    )
    if not isTaskId(taskId) then
        return
    end
    local choices = {{id = "open:" .. taskId, label = "show it in its pane"}}
    if __TS__ArrayIncludes(live, state) then
        choices[#choices + 1] = {id = "cancel:" .. taskId, label = "cancel it"}
    else
        choices[#choices + 1] = {id = "reply:" .. taskId, label = "reply: the next prompt in its session"}
        choices[#choices + 1] = {id = "retry:" .. taskId, label = "run it again"}
    end
    __TS__ArrayPush(choices, {id = "logs:" .. taskId, label = "what it says"}, {id = "diff:" .. taskId, label = "what it changed"})
    if not __TS__ArrayIncludes(live, state) then
        choices[#choices + 1] = {id = "merge:" .. taskId, label = "merge its branch into yours"}
        choices[#choices + 1] = {id = "drop:" .. taskId, label = "drop its branch"}
    end
    choices[#choices + 1] = {id = "tree:" .. taskId, label = "a shell in its working tree"}
    choices[#choices + 1] = {id = "why:" .. taskId, label = "why it is where it is"}
    choose(
        window,
        pane,
        ____exports.taskActionEvent,
        taskId,
        choices
    )
end
function ____exports.onTaskAction(window, pane, id)
    local verb, taskId = table.unpack(
        splitId(id or ""),
        1,
        2
    )
    if not isTaskId(taskId) then
        return
    end
    repeat
        local ____switch22 = verb
        local ____cond22 = ____switch22 == "open"
        if ____cond22 then
            return ____exports.report(
                window,
                ("the pane of " .. taskId) .. " is open",
                openPane({window = window, pane = pane}, taskId, true)
            )
        end
        ____cond22 = ____cond22 or ____switch22 == "cancel"
        if ____cond22 then
            return ____exports.report(
                window,
                taskId .. " is cancelled",
                call("cancel_task", {taskId = taskId})
            )
        end
        ____cond22 = ____cond22 or ____switch22 == "retry"
        if ____cond22 then
            return ____exports.report(
                window,
                taskId .. " runs again",
                call("retry_task", {taskId = taskId})
            )
        end
        ____cond22 = ____cond22 or ____switch22 == "reply"
        if ____cond22 then
            return replyTo(window, pane, taskId)
        end
        ____cond22 = ____cond22 or ____switch22 == "merge"
        if ____cond22 then
            return mergeTask(window, taskId)
        end
        ____cond22 = ____cond22 or ____switch22 == "drop"
        if ____cond22 then
            return dropTask(window, pane, taskId)
        end
        ____cond22 = ____cond22 or ____switch22 == "tree"
        if ____cond22 then
            return openTree(window, taskId)
        end
        ____cond22 = ____cond22 or ____switch22 == "logs"
        if ____cond22 then
            return runOcto(window, {"logs", taskId}, "pager")
        end
        ____cond22 = ____cond22 or ____switch22 == "diff"
        if ____cond22 then
            return runOcto(window, {"diff", taskId}, "pager")
        end
        do
            return runOcto(window, {verb == "why" and "why" or "show", taskId}, "wait")
        end
    until true
end
return ____exports
 end,
["plugin.actions.whole-text"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__ArraySlice = ____lualib.__TS__ArraySlice
local __TS__ArrayMap = ____lualib.__TS__ArrayMap
local ____exports = {}
local wrapped
local wezterm = require("wezterm")
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local ____inert = require("plugin.inert")
local inert = ____inert.inert
function wrapped(text, columns)
    local lines = {}
    for given in string.gmatch(text .. "\n", "([^\n]*)\n") do
        local rest = inert(given or "")
        repeat
            do
                local line = wezterm.truncate_right(rest, columns)
                local taken = line == "" and rest or line
                lines[#lines + 1] = taken
                rest = string.sub(rest, #taken + 1)
            end
        until not (rest ~= "")
    end
    return lines
end
local marginColumns = 6
local columnsMax = 150
local usualColumns = 80
local rowsMax = 120
function ____exports.rowColumns(window)
    local size = attempt(function()
        local ____opt_0 = window:active_tab()
        return ____opt_0 and ____opt_0:get_size().cols or usualColumns
    end)
    return math.max(
        20,
        math.min(columnsMax, (size.ok and size.value or usualColumns) - marginColumns)
    )
end
function ____exports.rowsOf(id, text, columns, indent)
    if indent == nil then
        indent = "    "
    end
    local lines = wrapped(text, columns - #indent)
    local shown = __TS__ArraySlice(lines, 0, rowsMax)
    if #lines > rowsMax then
        shown[#shown + 1] = ("… " .. tostring(#lines - rowsMax)) .. " more rows: see octo asks"
    end
    return __TS__ArrayMap(
        shown,
        function(____, line, index) return {id = id, label = index == 0 and line or indent .. line} end
    )
end
return ____exports
 end,
["plugin.actions.questions"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__ArrayMap = ____lualib.__TS__ArrayMap
local __TS__ObjectAssign = ____lualib.__TS__ObjectAssign
local __TS__ArrayIncludes = ____lualib.__TS__ArrayIncludes
local __TS__ArrayPushArray = ____lualib.__TS__ArrayPushArray
local __TS__ArrayForEach = ____lualib.__TS__ArrayForEach
local __TS__ArrayUnshift = ____lualib.__TS__ArrayUnshift
local __TS__SparseArrayNew = ____lualib.__TS__SparseArrayNew
local __TS__SparseArrayPush = ____lualib.__TS__SparseArrayPush
local __TS__SparseArraySpread = ____lualib.__TS__SparseArraySpread
local __TS__ArrayFilter = ____lualib.__TS__ArrayFilter
local __TS__ArrayIsArray = ____lualib.__TS__ArrayIsArray
local ____exports = {}
local show, send, readForm, textsOf
local wezterm = require("wezterm")
local ____ids = require("plugin.ids")
local isAskId = ____ids.isAskId
local ____call = require("plugin.link.call")
local call = ____call.call
local ____read = require("plugin.read")
local isTable = ____read.isTable
local tableAt = ____read.tableAt
local tablesAt = ____read.tablesAt
local textAt = ____read.textAt
local ____forms = require("plugin.actions.forms")
local choose = ____forms.choose
local endForm = ____forms.endForm
local formOf = ____forms.formOf
local keepForm = ____forms.keepForm
local splitId = ____forms.splitId
local ____tasks = require("plugin.actions.tasks")
local report = ____tasks.report
local ____whole_2Dtext = require("plugin.actions.whole-text")
local rowColumns = ____whole_2Dtext.rowColumns
local rowsOf = ____whole_2Dtext.rowsOf
function show(window, pane, form)
    local question = form.questions[#form.answers + 1]
    if question == nil then
        return send(window, form)
    end
    keepForm(
        window,
        __TS__ObjectAssign({}, form)
    )
    local isMultiple = isTable(question) and question.multiple == true
    local columns = rowColumns(window)
    local choices = {}
    __TS__ArrayForEach(
        tablesAt(question, "options"),
        function(____, option, index)
            local label = textAt(option, "label") or ""
            local text = (((__TS__ArrayIncludes(form.marked, label) and "✓ " or "") .. label) .. "  ") .. (textAt(option, "description") or "")
            __TS__ArrayPushArray(
                choices,
                rowsOf(
                    "option:" .. tostring(index + 1),
                    text,
                    columns
                )
            )
        end
    )
    if isMultiple and #form.marked > 0 then
        __TS__ArrayUnshift(choices, {id = "done:", label = "done: send these"})
    end
    choices[#choices + 1] = {id = "reject:", label = "reject the question"}
    local text = textAt(question, "question") or ""
    if wezterm.column_width(text) > columns or (string.find(text, "\n", 1, true)) ~= nil then
        __TS__ArrayPushArray(
            choices,
            rowsOf("text:", "── " .. text, columns, "  │ ")
        )
    end
    choose(
        window,
        pane,
        ____exports.questionEvent,
        text,
        choices
    )
end
function send(window, ____bindingPattern0)
    local answers
    local askId
    askId = ____bindingPattern0.askId
    answers = ____bindingPattern0.answers
    endForm(window)
    if isAskId(askId) then
        report(
            window,
            "answered",
            call("answer_ask", {askId = askId, answer = {kind = "answers", answers = answers}, surface = "palette"})
        )
    end
end
function readForm(kept)
    local askId = textAt(kept, "askId")
    local questions = tablesAt(kept, "questions")
    if askId == nil or #questions == 0 then
        return nil
    end
    local answers = {}
    if __TS__ArrayIsArray(kept.answers) then
        for ____, each in ipairs(kept.answers) do
            answers[#answers + 1] = textsOf(each)
        end
    end
    return {
        askId = askId,
        questions = questions,
        answers = answers,
        marked = textsOf(kept.marked)
    }
end
function textsOf(list)
    local texts = {}
    if __TS__ArrayIsArray(list) then
        for ____, item in ipairs(list) do
            if type(item) == "string" then
                texts[#texts + 1] = item
            end
        end
    end
    return texts
end
____exports.questionEvent = "octo-question"
function ____exports.showQuestion(window, pane, ask)
    local questions = tablesAt(
        tableAt(ask, "content"),
        "questions"
    )
    local plain = __TS__ArrayMap(
        questions,
        function(____, question) return {
            question = textAt(question, "question") or "",
            multiple = question.multiple == true,
            options = __TS__ArrayMap(
                tablesAt(question, "options"),
                function(____, option) return {
                    label = textAt(option, "label") or "",
                    description = textAt(option, "description") or ""
                } end
            )
        } end
    )
    show(
        window,
        pane,
        {
            askId = textAt(ask, "id") or "",
            questions = plain,
            answers = {},
            marked = {}
        }
    )
end
function ____exports.onQuestion(window, pane, id)
    local form = readForm(formOf(window))
    if form == nil or id == nil then
        return endForm(window)
    end
    local question = form.questions[#form.answers + 1]
    local verb, rest = table.unpack(
        splitId(id),
        1,
        2
    )
    if verb == "reject" then
        endForm(window)
        if isAskId(form.askId) then
            report(
                window,
                "rejected",
                call("answer_ask", {askId = form.askId, answer = {kind = "deny"}, surface = "palette"})
            )
        end
        return
    end
    if verb == "text" then
        return show(window, pane, form)
    end
    if verb == "done" then
        local ____show_3 = show
        local ____window_1 = window
        local ____pane_2 = pane
        local ____array_0 = __TS__SparseArrayNew(table.unpack(form.answers))
        __TS__SparseArrayPush(____array_0, form.marked)
        return ____show_3(
            ____window_1,
            ____pane_2,
            __TS__ObjectAssign(
                {},
                form,
                {
                    answers = {__TS__SparseArraySpread(____array_0)},
                    marked = {}
                }
            )
        )
    end
    local label = textAt(
        tablesAt(question, "options")[tonumber(rest) or 0],
        "label"
    )
    if label == nil then
        return endForm(window)
    end
    local isMultiple = isTable(question) and question.multiple == true
    if not isMultiple then
        local ____show_7 = show
        local ____window_5 = window
        local ____pane_6 = pane
        local ____array_4 = __TS__SparseArrayNew(table.unpack(form.answers))
        __TS__SparseArrayPush(____array_4, {label})
        return ____show_7(
            ____window_5,
            ____pane_6,
            __TS__ObjectAssign(
                {},
                form,
                {
                    answers = {__TS__SparseArraySpread(____array_4)},
                    marked = {}
                }
            )
        )
    end
    local ____form_marked_includes_result_9
    if __TS__ArrayIncludes(form.marked, label) then
        ____form_marked_includes_result_9 = __TS__ArrayFilter(
            form.marked,
            function(____, each) return each ~= label end
        )
    else
        local ____array_8 = __TS__SparseArrayNew(table.unpack(form.marked))
        __TS__SparseArrayPush(____array_8, label)
        ____form_marked_includes_result_9 = {__TS__SparseArraySpread(____array_8)}
    end
    local marked = ____form_marked_includes_result_9
    show(
        window,
        pane,
        __TS__ObjectAssign({}, form, {marked = marked})
    )
end
return ____exports
 end,
["plugin.actions.asks"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__ArrayMap = ____lualib.__TS__ArrayMap
local __TS__ArrayFind = ____lualib.__TS__ArrayFind
local __TS__SparseArrayNew = ____lualib.__TS__SparseArrayNew
local __TS__SparseArrayPush = ____lualib.__TS__SparseArrayPush
local __TS__SparseArraySpread = ____lualib.__TS__SparseArraySpread
local __TS__ArrayPushArray = ____lualib.__TS__ArrayPushArray
local ____exports = {}
local showAsk, detailsOf, originOf, limitOf, answer
local ____ids = require("plugin.ids")
local isAskId = ____ids.isAskId
local ____call = require("plugin.link.call")
local call = ____call.call
local ____panes = require("plugin.panes")
local openPane = ____panes.openPane
local ____read = require("plugin.read")
local numberAt = ____read.numberAt
local tableAt = ____read.tableAt
local tablesAt = ____read.tablesAt
local textAt = ____read.textAt
local textsAt = ____read.textsAt
local ____tell = require("plugin.tell")
local tell = ____tell.tell
local tellRefusal = ____tell.tellRefusal
local ____forms = require("plugin.actions.forms")
local askLine = ____forms.askLine
local choose = ____forms.choose
local endForm = ____forms.endForm
local formOf = ____forms.formOf
local keepForm = ____forms.keepForm
local splitId = ____forms.splitId
local ____questions = require("plugin.actions.questions")
local showQuestion = ____questions.showQuestion
local ____tasks = require("plugin.actions.tasks")
local report = ____tasks.report
local ____whole_2Dtext = require("plugin.actions.whole-text")
local rowColumns = ____whole_2Dtext.rowColumns
local rowsOf = ____whole_2Dtext.rowsOf
function showAsk(window, pane, ask)
    local id = textAt(ask, "id") or ""
    local content = tableAt(ask, "content")
    if textAt(content, "kind") == "question" then
        return showQuestion(window, pane, ask)
    end
    local columns = rowColumns(window)
    local always = table.concat(
        textsAt(content, "always"),
        ", "
    )
    local ____array_0 = __TS__SparseArrayNew(
        {id = "once:" .. id, label = "allow once"},
        table.unpack(rowsOf("always:" .. id, "allow always" .. (always == "" and "" or ": " .. always), columns))
    )
    __TS__SparseArrayPush(____array_0, {id = "deny:" .. id, label = "deny"}, {id = "tell:" .. id, label = "deny and say what to do instead"})
    local choices = {__TS__SparseArraySpread(____array_0)}
    local instanceId = textAt(ask, "instanceId")
    if instanceId ~= nil then
        choices[#choices + 1] = {id = "open:" .. instanceId, label = "show its pane"}
    end
    local asked = ((((((textAt(content, "permission") or "") .. "\n") .. table.concat(
        textsAt(content, "patterns"),
        "\n"
    )) .. detailsOf(content)) .. "\n") .. originOf(ask)) .. limitOf(ask)
    __TS__ArrayPushArray(
        choices,
        rowsOf("text:" .. id, "── it asks for " .. asked, columns, "  │ ")
    )
    choose(
        window,
        pane,
        ____exports.askActionEvent,
        textAt(ask, "title") or id,
        choices
    )
end
function detailsOf(content)
    local first, second = table.unpack(
        textsAt(content, "patterns"),
        1,
        2
    )
    local text = ""
    for ____, detail in ipairs(tablesAt(content, "details")) do
        local said = textAt(detail, "text") or ""
        if said ~= first or second ~= nil then
            text = text .. (("\n" .. (textAt(detail, "name") or "")) .. ": ") .. said
        end
    end
    return text
end
function originOf(ask)
    local task = textAt(ask, "taskTitle")
    return ((((("for " .. (task or "a session of yours")) .. ", on ") .. (textAt(ask, "instanceName") or "?")) .. " (") .. (textAt(ask, "host") or "?")) .. ")"
end
function limitOf(ask)
    local atEpochMs = numberAt(ask, "deniedAtEpochMs")
    return atEpochMs == 0 and "" or ("\ndenied at " .. os.date(
        "%H:%M:%S",
        math.floor(atEpochMs / 1000)
    )) .. " unless you answer before"
end
function answer(window, askId, given)
    if not isAskId(askId) then
        return
    end
    report(
        window,
        "answered",
        call("answer_ask", {askId = askId, answer = given, surface = "palette"})
    )
end
____exports.askEvent = "octo-ask-chosen"
____exports.askActionEvent = "octo-ask-action"
____exports.denyEvent = "octo-ask-deny"
function ____exports.asks(window, pane)
    local listed = call("list_asks", {})
    if not listed.ok then
        return tellRefusal(window, "the asks are not known", listed)
    end
    local open = tablesAt(listed.result, "asks")
    local only = table.unpack(open, 1, 1)
    if only == nil then
        return tell("nothing waits for you")
    end
    if #open == 1 then
        return showAsk(window, pane, only)
    end
    local choices = __TS__ArrayMap(
        open,
        function(____, ask) return {
            id = textAt(ask, "id") or "",
            label = ((textAt(ask, "title") or "") .. "  ") .. originOf(ask)
        } end
    )
    choose(
        window,
        pane,
        ____exports.askEvent,
        "Waits for you",
        choices
    )
end
function ____exports.onAsk(window, pane, id)
    if id == nil then
        return
    end
    local listed = call("list_asks", {})
    if not listed.ok then
        return tellRefusal(window, "the asks are not known", listed)
    end
    local ask = __TS__ArrayFind(
        tablesAt(listed.result, "asks"),
        function(____, each) return textAt(each, "id") == id end
    )
    if ask == nil then
        return tell("it was answered already")
    end
    showAsk(window, pane, ask)
end
function ____exports.onAskAction(window, pane, id)
    local verb, rest = table.unpack(
        splitId(id or ""),
        1,
        2
    )
    if verb == "text" then
        return ____exports.onAsk(window, pane, rest)
    end
    if verb == "open" then
        return report(
            window,
            "its pane is open",
            openPane({window = window, pane = pane}, rest, true)
        )
    end
    if verb == "once" then
        answer(window, rest, {kind = "allow", scope = "once"})
    end
    if verb == "always" then
        answer(window, rest, {kind = "allow", scope = "always"})
    end
    if verb == "deny" then
        answer(window, rest, {kind = "deny"})
    end
    if verb ~= "tell" then
        return
    end
    keepForm(window, {askId = rest})
    askLine(window, pane, ____exports.denyEvent, "What to do instead")
end
function ____exports.onDenial(window, _pane, line)
    local askId = textAt(
        formOf(window),
        "askId"
    )
    endForm(window)
    if askId == nil or line == nil then
        return
    end
    answer(window, askId, line == "" and ({kind = "deny"}) or ({kind = "deny", message = line}))
end
return ____exports
 end,
["plugin.link.start-bridge"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__SparseArrayNew = ____lualib.__TS__SparseArrayNew
local __TS__SparseArrayPush = ____lualib.__TS__SparseArrayPush
local __TS__SparseArraySpread = ____lualib.__TS__SparseArraySpread
local ____exports = {}
local environment, failed
local wezterm = require("wezterm")
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local ____log = require("plugin.log")
local logInfo = ____log.logInfo
local logWarning = ____log.logWarning
local ____memory = require("plugin.memory")
local remember = ____memory.remember
local rememberedNumber = ____memory.rememberedNumber
local ____programs = require("plugin.programs")
local pathFor = ____programs.pathFor
local ____setup = require("plugin.setup")
local setup = ____setup.setup
local ____programs_2Dused = require("plugin.link.programs-used")
local octoProgram = ____programs_2Dused.octoProgram
function environment(octo)
    return {
        "/usr/bin/env",
        "PATH=" .. pathFor(octo),
        table.unpack(setup().folders.environment)
    }
end
function failed(reason)
    logWarning(reason)
    return {ok = false, reason = reason}
end
local startedKey = "bridge_started"
function ____exports.mayStartBridge()
    return setup().options.start and rememberedNumber(startedKey) == 0
end
function ____exports.bridgeWasMet()
    if rememberedNumber(startedKey) == 0 then
        remember(startedKey, 1)
    end
end
function ____exports.startBridge(how)
    remember(startedKey, 1)
    local octo = octoProgram()
    if octo == nil then
        return failed("octo is missing: install it, or set the option octo to its path")
    end
    local ____array_0 = __TS__SparseArrayNew(table.unpack(environment(octo)))
    __TS__SparseArrayPush(
        ____array_0,
        octo,
        "up",
        table.unpack(how == "auto" and ({"--auto"}) or ({}))
    )
    local command = {__TS__SparseArraySpread(____array_0)}
    local run = attempt(function()
        local ok, output, errors = wezterm.run_child_process(command)
        return {ok = ok, text = errors == "" and output or errors}
    end)
    if not run.ok then
        return failed((octo .. " cannot be run: ") .. run.message)
    end
    local line = string.match(run.value.text, "^[^\n]+")
    if not run.value.ok then
        return failed(line or octo .. " failed")
    end
    logInfo(line or "the bridge is up")
    return {ok = true}
end
return ____exports
 end,
["plugin.actions.bridge"] = function(...) 
local ____exports = {}
local ____start_2Dbridge = require("plugin.link.start-bridge")
local startBridge = ____start_2Dbridge.startBridge
local ____tell = require("plugin.tell")
local tell = ____tell.tell
local tellError = ____tell.tellError
local ____terminal = require("plugin.actions.terminal")
local runOcto = ____terminal.runOcto
function ____exports.startByHand(window)
    tell("the bridge starts")
    local started = startBridge("by-hand")
    if started.ok then
        tell("the bridge is up")
    else
        tellError(window, "the bridge is not up: " .. started.reason)
    end
end
function ____exports.board(window)
    runOcto(window, {"board"}, "none")
end
return ____exports
 end,
["plugin.actions.compose-programs"] = function(...) 
local ____exports = {}
local wezterm = require("wezterm")
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local editorScript = "\ndraft=$1 editor=$2\nmkfifo -m 600 \"$draft.end\" 2>/dev/null || [ -p \"$draft.end\" ] || exit 1\nexec 3>\"$draft.end\"\n: >\"$draft.open\"\n[ -n \"$editor\" ] || editor=${VISUAL:-${EDITOR:-}}\n[ -n \"$editor\" ] || {\n  \"${SHELL:-/bin/sh}\" -lc '/usr/bin/env | grep -e \"^VISUAL=\" -e \"^EDITOR=\"' >\"$draft.shell\" 2>/dev/null </dev/null 3>&- &\n  shell=$!\n  (\n    trap 'kill $!; exit' TERM\n    sleep 5 &\n    wait\n    kill -9 $shell\n  ) >/dev/null 2>&1 </dev/null 3>&- &\n  watch=$!\n  wait $shell\n  kill $watch 2>/dev/null\n  editor=$(sed -n 's/^VISUAL=\\(..*\\)/\\1/p' \"$draft.shell\" | sed -n 1p)\n  [ -n \"$editor\" ] || editor=$(sed -n 's/^EDITOR=//p' \"$draft.shell\" | sed -n 1p)\n  rm -f \"$draft.shell\"\n}\nbefore=$(cksum <\"$draft\")\nsh -c \"${editor:-vi} \\\"\\$1\\\"\" sh \"$draft\" 3>&- || exit 1\nif [ \"$before\" != \"$(cksum <\"$draft\")\" ] || [ -n \"$(find \"$draft\" -newer \"$draft.open\")\" ]; then echo saved >&3; fi\n"
local waitScript = "\nmkfifo -m 600 \"$1.end\" 2>/dev/null || [ -p \"$1.end\" ] || exit 1\ncat \"$1.end\" &\nreader=$!\n(\n  trap 'kill $!; exit' TERM\n  sleep 20 &\n  wait\n  [ -e \"$1.open\" ] || kill \"$reader\"\n) >/dev/null 2>&1 &\nwatch=$!\nwait \"$reader\"\nkill \"$watch\" 2>/dev/null\nrm -f \"$1.end\" \"$1.open\"\n"
function ____exports.composePane(draft, editor)
    return {
        "/bin/sh",
        "-c",
        editorScript,
        "octo-compose",
        draft,
        editor or ""
    }
end
function ____exports.waitForEditor(draft)
    local waited = attempt(function()
        local ____, output = wezterm.run_child_process({
            "/bin/sh",
            "-c",
            waitScript,
            "octo-wait",
            draft
        })
        return output
    end)
    return waited.ok and (string.find(waited.value, "saved", 1, true)) ~= nil
end
return ____exports
 end,
["plugin.actions.compose"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__ArrayMap = ____lualib.__TS__ArrayMap
local __TS__ObjectAssign = ____lualib.__TS__ObjectAssign
local ____exports = {}
local openDraft, openEditor, finish
local wezterm = require("wezterm")
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local ____drafts = require("plugin.drafts")
local dropDraft = ____drafts.dropDraft
local isBlank = ____drafts.isBlank
local keptDrafts = ____drafts.keptDrafts
local newDraft = ____drafts.newDraft
local readDraft = ____drafts.readDraft
local ____gui = require("plugin.gui")
local activePane = ____gui.activePane
local ____private_2Dfile = require("plugin.link.private-file")
local readFile = ____private_2Dfile.readFile
local ____panes = require("plugin.panes")
local directoryFor = ____panes.directoryFor
local ____setup = require("plugin.setup")
local setup = ____setup.setup
local ____tell = require("plugin.tell")
local tell = ____tell.tell
local tellError = ____tell.tellError
local ____compose_2Dprograms = require("plugin.actions.compose-programs")
local composePane = ____compose_2Dprograms.composePane
local waitForEditor = ____compose_2Dprograms.waitForEditor
local ____dispatch_2Dform = require("plugin.actions.dispatch-form")
local nextStep = ____dispatch_2Dform.nextStep
local ____forms = require("plugin.actions.forms")
local choose = ____forms.choose
local splitId = ____forms.splitId
local ____submit = require("plugin.actions.submit")
local submit = ____submit.submit
function openDraft(window, pane, path)
    if path == nil then
        return tellError(window, "no draft can be written: see whether the disk is full")
    end
    wezterm.time.call_after(
        0,
        function()
            local directory = directoryFor(pane)
            local opened = attempt(function() return openEditor(window, pane, path, directory) end)
            if not opened.ok then
                return tellError(window, "the editor cannot be opened: " .. opened.message)
            end
            finish(window, pane, path, directory)
        end
    )
end
function openEditor(window, pane, path, directory)
    local where = __TS__ObjectAssign(
        {args = composePane(
            path,
            setup().options.editor
        )},
        directory == nil and ({}) or ({cwd = directory})
    )
    local domain = {DomainName = "local"}
    if pane:get_domain_name() == "local" then
        pane:split(__TS__ObjectAssign({}, where, {domain = domain, direction = "Bottom", size = 0.4}))
    else
        window:mux_window():spawn_tab(__TS__ObjectAssign({}, where, {domain = domain}))
    end
end
function finish(window, pane, path, directory)
    local saved = waitForEditor(path)
    local prompt = readDraft(path)
    if isBlank(prompt) then
        dropDraft(path)
        return tell("nothing was sent: the draft is empty")
    end
    if not saved then
        return tell("not sent, since it was not saved: the draft is kept")
    end
    if directory == nil then
        return nextStep(
            window,
            activePane(window) or pane,
            {prompt = prompt, draft = path}
        )
    end
    submit(window, {prompt = prompt, directory = directory}, path)
end
____exports.draftEvent = "octo-draft"
function ____exports.compose(window, pane)
    local drafts = keptDrafts()
    if #drafts == 0 then
        return openDraft(
            window,
            pane,
            newDraft()
        )
    end
    local choices = __TS__ArrayMap(
        drafts,
        function(____, path) return {
            id = "draft:" .. path,
            label = readFile(path, 400) or path
        } end
    )
    choose(
        window,
        pane,
        ____exports.draftEvent,
        "Compose",
        {
            {id = "new:", label = "a new prompt"},
            table.unpack(choices)
        }
    )
end
function ____exports.onDraft(window, pane, id)
    local verb, path = table.unpack(
        splitId(id or ""),
        1,
        2
    )
    if verb == "new" then
        openDraft(
            window,
            pane,
            newDraft()
        )
    end
    if verb == "draft" then
        openDraft(window, pane, path)
    end
end
return ____exports
 end,
["plugin.actions.help"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__ArrayMap = ____lualib.__TS__ArrayMap
local __TS__ArraySome = ____lualib.__TS__ArraySome
local ____exports = {}
local wezterm = require("wezterm")
local ____commands = require("plugin.commands")
local commandEvent = ____commands.commandEvent
local commands = ____commands.commands
local ____setup = require("plugin.setup")
local setup = ____setup.setup
local ____forms = require("plugin.actions.forms")
local choose = ____forms.choose
____exports.helpEvent = "octo-help"
function ____exports.help(window, pane)
    local ____setup_result_options_0 = setup().options
    local keys = ____setup_result_options_0.keys
    local choices = __TS__ArrayMap(
        commands,
        function(____, ____bindingPattern0)
            local brief
            local key
            local name
            name = ____bindingPattern0.name
            key = ____bindingPattern0.key
            brief = ____bindingPattern0.brief
            local ____keys_name_1 = keys[name]
            if ____keys_name_1 == nil then
                ____keys_name_1 = key
            end
            local chosen = ____keys_name_1
            return {id = name, label = (((chosen == nil or chosen == false) and " " or chosen) .. "  ") .. brief}
        end
    )
    choose(
        window,
        pane,
        ____exports.helpEvent,
        "OpenCode",
        choices
    )
end
function ____exports.onHelp(window, pane, id)
    if id ~= nil and __TS__ArraySome(
        commands,
        function(____, ____bindingPattern0)
            local name
            name = ____bindingPattern0.name
            return name == id
        end
    ) then
        window:perform_action(
            wezterm.action.EmitEvent(commandEvent(id)),
            pane
        )
    end
end
return ____exports
 end,
["plugin.actions.hosts"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__ArrayMap = ____lualib.__TS__ArrayMap
local __TS__SparseArrayNew = ____lualib.__TS__SparseArrayNew
local __TS__SparseArrayPush = ____lualib.__TS__SparseArrayPush
local __TS__SparseArraySpread = ____lualib.__TS__SparseArraySpread
local ____exports = {}
local labelOf
local ____ids = require("plugin.ids")
local isHostId = ____ids.isHostId
local ____call = require("plugin.link.call")
local call = ____call.call
local ____read = require("plugin.read")
local tableAt = ____read.tableAt
local tablesAt = ____read.tablesAt
local textAt = ____read.textAt
local ____tell = require("plugin.tell")
local tell = ____tell.tell
local tellRefusal = ____tell.tellRefusal
local ____forms = require("plugin.actions.forms")
local askLine = ____forms.askLine
local choose = ____forms.choose
local splitId = ____forms.splitId
local ____tasks = require("plugin.actions.tasks")
local report = ____tasks.report
local ____terminal = require("plugin.actions.terminal")
local runOcto = ____terminal.runOcto
function labelOf(host)
    local ____error = textAt(
        tableAt(host, "error"),
        "message"
    )
    local domain = textAt(host, "domain") or "none"
    local parts = {
        textAt(host, "name") or "",
        textAt(host, "address") or "",
        textAt(host, "link") or ""
    }
    if domain ~= "none" then
        parts[#parts + 1] = "domain: " .. domain
    end
    if ____error ~= nil then
        parts[#parts + 1] = ____error
    end
    return table.concat(parts, "  ")
end
function ____exports.addHost(window, pane)
    askLine(window, pane, ____exports.hostLineEvent, "New host: NAME USER@ADDRESS")
end
____exports.hostLineEvent = "octo-host-line"
____exports.hostEvent = "octo-host"
____exports.hostActionEvent = "octo-host-action"
function ____exports.hosts(window, pane)
    local listed = call("list_hosts", {})
    if not listed.ok then
        return tellRefusal(window, "the hosts are not known", listed)
    end
    local choices = __TS__ArrayMap(
        tablesAt(listed.result, "hosts"),
        function(____, host) return {
            id = "host:" .. (textAt(host, "name") or ""),
            label = labelOf(host)
        } end
    )
    local ____choose_3 = choose
    local ____window_1 = window
    local ____pane_2 = pane
    local ____array_0 = __TS__SparseArrayNew(table.unpack(choices))
    __TS__SparseArrayPush(____array_0, {id = "add:", label = "add a host"})
    ____choose_3(
        ____window_1,
        ____pane_2,
        ____exports.hostEvent,
        "Hosts",
        {__TS__SparseArraySpread(____array_0)}
    )
end
function ____exports.onHost(window, pane, id)
    local verb, name = table.unpack(
        splitId(id or ""),
        1,
        2
    )
    if verb == "add" then
        return ____exports.addHost(window, pane)
    end
    if verb ~= "host" then
        return
    end
    choose(
        window,
        pane,
        ____exports.hostActionEvent,
        name,
        {{id = "spawn:" .. name, label = "start an instance there"}, {id = "check:" .. name, label = "check it"}, {id = "remove:" .. name, label = "remove it"}}
    )
end
function ____exports.onHostAction(window, _pane, id)
    local verb, name = table.unpack(
        splitId(id or ""),
        1,
        2
    )
    if not isHostId(name) then
        return
    end
    if verb == "spawn" then
        return report(
            window,
            "an instance starts on " .. name,
            call("spawn_opencode_server", {host = name, count = 1}, 60)
        )
    end
    if verb == "check" then
        return runOcto(window, {"hosts", "check", name}, "wait")
    end
    if verb == "remove" then
        report(
            window,
            ("host " .. name) .. " is removed",
            call("remove_host", {name = name}, 60)
        )
    end
end
function ____exports.onHostLine(window, _pane, line)
    if line == nil or line == "" then
        return
    end
    local name, username, address = string.match(line, "^%s*(%S+)%s+([^%s@]+)@(%S+)%s*$")
    if not isHostId(name) or username == nil or address == nil then
        return tell("a host is written as NAME USER@ADDRESS")
    end
    report(
        window,
        ("host " .. name) .. " is added",
        call("create_wezterm_domain", {name = name, address = address, username = username}, 60)
    )
end
return ____exports
 end,
["plugin.actions.instances"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__ArrayMap = ____lualib.__TS__ArrayMap
local ____exports = {}
local ____ids = require("plugin.ids")
local isInstanceId = ____ids.isInstanceId
local ____call = require("plugin.link.call")
local call = ____call.call
local ____panes = require("plugin.panes")
local openPane = ____panes.openPane
local openPanes = ____panes.openPanes
local ____read = require("plugin.read")
local numberAt = ____read.numberAt
local tablesAt = ____read.tablesAt
local textAt = ____read.textAt
local ____setup = require("plugin.setup")
local setup = ____setup.setup
local ____tell = require("plugin.tell")
local tell = ____tell.tell
local tellRefusal = ____tell.tellRefusal
local ____dispatch = require("plugin.actions.dispatch")
local dispatchToInstance = ____dispatch.dispatchToInstance
local ____forms = require("plugin.actions.forms")
local choose = ____forms.choose
local splitId = ____forms.splitId
local ____tasks = require("plugin.actions.tasks")
local report = ____tasks.report
local ____terminal = require("plugin.actions.terminal")
local runOcto = ____terminal.runOcto
____exports.instanceEvent = "octo-instance"
____exports.instanceActionEvent = "octo-instance-action"
function ____exports.newInstance(window, pane)
    local spawned = call("spawn_opencode_server", {count = 1}, 60)
    if not spawned.ok then
        return tellRefusal(window, "no new instance", spawned)
    end
    for ____, instance in ipairs(tablesAt(spawned.result, "instances")) do
        do
            local id = textAt(instance, "id") or ""
            tell(("instance " .. (textAt(instance, "name") or id)) .. " starts")
            if not setup().options.panes then
                goto __continue4
            end
            local opened = openPane({window = window, pane = pane}, id, false)
            local ____opened_ok_0
            if opened.ok then
                ____opened_ok_0 = textAt(opened.result, "notice")
            else
                ____opened_ok_0 = nil
            end
            local notice = ____opened_ok_0
            if notice ~= nil then
                tell(notice)
            end
            if not opened.ok then
                tellRefusal(window, "its pane is not open", opened)
            end
        end
        ::__continue4::
    end
end
function ____exports.instances(window, pane)
    local listed = call("list_opencode_servers", {})
    if not listed.ok then
        return tellRefusal(window, "the instances are not known", listed)
    end
    local choices = __TS__ArrayMap(
        tablesAt(listed.result, "instances"),
        function(____, instance)
            local id = textAt(instance, "id") or ""
            local slots = (string.format(
                "%d",
                numberAt(instance, "running")
            ) .. "/") .. string.format(
                "%d",
                numberAt(instance, "slots")
            )
            local ____error = instance.error == nil and "" or "  " .. (textAt(instance.error, "message") or "")
            return {
                id = id,
                label = (((((((textAt(instance, "name") or id) .. "  ") .. (textAt(instance, "state") or "")) .. "  ") .. slots) .. "  ") .. (textAt(instance, "host") or "")) .. ____error
            }
        end
    )
    if #choices == 0 then
        return tell("there are no instances yet: a task starts the first one")
    end
    choose(
        window,
        pane,
        ____exports.instanceEvent,
        "Instances",
        choices
    )
end
function ____exports.onInstance(window, pane, id)
    if not isInstanceId(id) then
        return
    end
    choose(
        window,
        pane,
        ____exports.instanceActionEvent,
        id,
        {
            {id = "open:" .. id, label = "show its pane"},
            {id = "dispatch:" .. id, label = "dispatch a prompt to it"},
            {id = "restart:" .. id, label = "restart it"},
            {id = "drain:" .. id, label = "drain it: finish, take no new work"},
            {id = "stop:" .. id, label = "stop it"},
            {id = "logs:" .. id, label = "its log"}
        }
    )
end
function ____exports.onInstanceAction(window, pane, id)
    local verb, instanceId = table.unpack(
        splitId(id or ""),
        1,
        2
    )
    if not isInstanceId(instanceId) then
        return
    end
    repeat
        local ____switch17 = verb
        local ____cond17 = ____switch17 == "open"
        if ____cond17 then
            return report(
                window,
                "its pane is open",
                openPane({window = window, pane = pane}, instanceId, true)
            )
        end
        ____cond17 = ____cond17 or ____switch17 == "dispatch"
        if ____cond17 then
            return dispatchToInstance(window, pane, instanceId)
        end
        ____cond17 = ____cond17 or ____switch17 == "restart"
        if ____cond17 then
            return report(
                window,
                "it is restarted",
                call("restart_instance", {instanceId = instanceId})
            )
        end
        ____cond17 = ____cond17 or ____switch17 == "drain"
        if ____cond17 then
            return report(
                window,
                "it finishes its work",
                call("drain_instance", {instanceId = instanceId})
            )
        end
        ____cond17 = ____cond17 or ____switch17 == "stop"
        if ____cond17 then
            return report(
                window,
                "it is stopped",
                call("stop_instance", {instanceId = instanceId}, 30)
            )
        end
        do
            return runOcto(window, {"logs", instanceId}, "pager")
        end
    until true
end
function ____exports.reopenPanes(window, pane)
    local opened = openPanes({window = window, pane = pane})
    if not opened.ok then
        return tellRefusal(window, "the panes are not open", opened)
    end
    tell(tostring(#tablesAt(opened.result, "panes")) .. " panes are open")
end
return ____exports
 end,
["plugin.actions.jump"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__ArrayIncludes = ____lualib.__TS__ArrayIncludes
local __TS__ArrayIndexOf = ____lualib.__TS__ArrayIndexOf
local __TS__ArrayFind = ____lualib.__TS__ArrayFind
local ____exports = {}
local ____gui = require("plugin.gui")
local showPane = ____gui.showPane
local ____call = require("plugin.link.call")
local call = ____call.call
local ____panes = require("plugin.panes")
local instanceOf = ____panes.instanceOf
local openPane = ____panes.openPane
local ____read = require("plugin.read")
local tablesAt = ____read.tablesAt
local textAt = ____read.textAt
local ____state = require("plugin.state")
local knownPanes = ____state.knownPanes
local ____tell = require("plugin.tell")
local tell = ____tell.tell
local tellRefusal = ____tell.tellRefusal
local ____tasks = require("plugin.actions.tasks")
local report = ____tasks.report
function ____exports.jump(window, pane)
    local listed = call("list_asks", {})
    if not listed.ok then
        return tellRefusal(window, "the asks are not known", listed)
    end
    local waiting = {}
    for ____, ask in ipairs(tablesAt(listed.result, "asks")) do
        local instanceId = textAt(ask, "instanceId")
        if instanceId ~= nil and not __TS__ArrayIncludes(waiting, instanceId) then
            waiting[#waiting + 1] = instanceId
        end
    end
    local here = instanceOf(pane)
    local next = waiting[(here == nil and 0 or __TS__ArrayIndexOf(waiting, here) + 1) % math.max(1, #waiting) + 1]
    if next == nil then
        return tell("nothing waits for you")
    end
    local place = __TS__ArrayFind(
        knownPanes(),
        function(____, ____bindingPattern0)
            local instanceId
            instanceId = ____bindingPattern0.instanceId
            return instanceId == next
        end
    )
    if place ~= nil and showPane(place.paneId) then
        return
    end
    report(
        window,
        "its pane is open",
        openPane({window = window, pane = pane}, next, true)
    )
end
return ____exports
 end,
["plugin.handlers"] = function(...) 
local ____exports = {}
local handle
local wezterm = require("wezterm")
local ____asks = require("plugin.actions.asks")
local askActionEvent = ____asks.askActionEvent
local askEvent = ____asks.askEvent
local asks = ____asks.asks
local denyEvent = ____asks.denyEvent
local onAsk = ____asks.onAsk
local onAskAction = ____asks.onAskAction
local onDenial = ____asks.onDenial
local ____bridge = require("plugin.actions.bridge")
local board = ____bridge.board
local startByHand = ____bridge.startByHand
local ____compose = require("plugin.actions.compose")
local compose = ____compose.compose
local draftEvent = ____compose.draftEvent
local onDraft = ____compose.onDraft
local ____dispatch = require("plugin.actions.dispatch")
local dispatch = ____dispatch.dispatch
local dispatchTo = ____dispatch.dispatchTo
local lineEvent = ____dispatch.lineEvent
local onLine = ____dispatch.onLine
local onTarget = ____dispatch.onTarget
local replyHere = ____dispatch.replyHere
local targetEvent = ____dispatch.targetEvent
local ____dispatch_2Dform = require("plugin.actions.dispatch-form")
local directoryEvent = ____dispatch_2Dform.directoryEvent
local formEvent = ____dispatch_2Dform.formEvent
local onDirectory = ____dispatch_2Dform.onDirectory
local onFormChoice = ____dispatch_2Dform.onFormChoice
local ____help = require("plugin.actions.help")
local help = ____help.help
local helpEvent = ____help.helpEvent
local onHelp = ____help.onHelp
local ____hosts = require("plugin.actions.hosts")
local addHost = ____hosts.addHost
local hostActionEvent = ____hosts.hostActionEvent
local hostEvent = ____hosts.hostEvent
local hostLineEvent = ____hosts.hostLineEvent
local hosts = ____hosts.hosts
local onHost = ____hosts.onHost
local onHostAction = ____hosts.onHostAction
local onHostLine = ____hosts.onHostLine
local ____instances = require("plugin.actions.instances")
local instanceActionEvent = ____instances.instanceActionEvent
local instanceEvent = ____instances.instanceEvent
local instances = ____instances.instances
local newInstance = ____instances.newInstance
local onInstance = ____instances.onInstance
local onInstanceAction = ____instances.onInstanceAction
local reopenPanes = ____instances.reopenPanes
local ____jump = require("plugin.actions.jump")
local jump = ____jump.jump
local ____questions = require("plugin.actions.questions")
local onQuestion = ____questions.onQuestion
local questionEvent = ____questions.questionEvent
local ____results = require("plugin.actions.results")
local dropEvent = ____results.dropEvent
local onDrop = ____results.onDrop
local ____tasks = require("plugin.actions.tasks")
local cancel = ____tasks.cancel
local onTask = ____tasks.onTask
local onTaskAction = ____tasks.onTaskAction
local taskActionEvent = ____tasks.taskActionEvent
local taskEvent = ____tasks.taskEvent
local tasks = ____tasks.tasks
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local ____commands = require("plugin.commands")
local commandEvent = ____commands.commandEvent
local ____deliver = require("plugin.deliver")
local deliverNews = ____deliver.deliverNews
local ____gui = require("plugin.gui")
local activePane = ____gui.activePane
local ____log = require("plugin.log")
local logWarning = ____log.logWarning
local ____news = require("plugin.news")
local deliverEvent = ____news.deliverEvent
function handle(event, run, begin)
    wezterm.on(
        event,
        function(window, pane, text)
            local done = attempt(function()
                begin()
                run(
                    window,
                    activePane(window) or pane,
                    type(text) == "string" and text or nil
                )
            end)
            if not done.ok then
                logWarning((event .. " failed: ") .. done.message)
            end
        end
    )
end
local runs = {
    dispatch = dispatch,
    dispatch_to = dispatchTo,
    compose = compose,
    new_instance = newInstance,
    tasks = tasks,
    instances = instances,
    asks = asks,
    jump = jump,
    reply = replyHere,
    cancel = cancel,
    hosts = hosts,
    add_host = addHost,
    board = board,
    open_panes = reopenPanes,
    start_bridge = startByHand,
    help = help
}
local answers = {
    [targetEvent] = onTarget,
    [lineEvent] = onLine,
    [formEvent] = onFormChoice,
    [directoryEvent] = onDirectory,
    [draftEvent] = onDraft,
    [taskEvent] = onTask,
    [taskActionEvent] = onTaskAction,
    [dropEvent] = onDrop,
    [instanceEvent] = onInstance,
    [instanceActionEvent] = onInstanceAction,
    [askEvent] = onAsk,
    [askActionEvent] = onAskAction,
    [denyEvent] = onDenial,
    [questionEvent] = onQuestion,
    [hostEvent] = onHost,
    [hostActionEvent] = onHostAction,
    [hostLineEvent] = onHostLine,
    [helpEvent] = onHelp,
    [deliverEvent] = deliverNews
}
function ____exports.addHandlers(begin)
    for name, run in pairs(runs) do
        handle(
            commandEvent(name),
            run,
            begin
        )
    end
    for event, run in pairs(answers) do
        handle(event, run, begin)
    end
end
return ____exports
 end,
["plugin.key-conflicts"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__ArrayIncludes = ____lualib.__TS__ArrayIncludes
local __TS__ArraySort = ____lualib.__TS__ArraySort
local __TS__ArrayMap = ____lualib.__TS__ArrayMap
local ____exports = {}
local builtInKeys, aliases
local wezterm = require("wezterm")
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local ____memory = require("plugin.memory")
local remember = ____memory.remember
local rememberedText = ____memory.rememberedText
function ____exports.keyName(key, mods)
    local found = {}
    for word in string.gmatch(
        string.upper(mods or ""),
        "[%w_]+"
    ) do
        if word ~= nil and word ~= "NONE" then
            found[#found + 1] = aliases[word] or word
        end
    end
    local name = string.gsub(key, "^(%a+):(.)", "%2")
    if (string.find(name, "^%u$")) ~= nil then
        name = string.lower(name)
        if not __TS__ArrayIncludes(found, "SHIFT") then
            found[#found + 1] = "SHIFT"
        end
    end
    __TS__ArraySort(found)
    return #found == 0 and name or (table.concat(found, "|") .. " ") .. name
end
function builtInKeys()
    local ____wezterm_0 = wezterm
    local gui = ____wezterm_0.gui
    if gui == nil then
        return nil
    end
    local listed = attempt(function() return gui.default_keys() end)
    if not listed.ok then
        return nil
    end
    local names = __TS__ArrayMap(
        listed.value,
        function(____, ____bindingPattern0)
            local mods
            local key
            key = ____bindingPattern0.key
            mods = ____bindingPattern0.mods
            return ____exports.keyName(key, mods)
        end
    )
    return ("\n" .. table.concat(names, "\n")) .. "\n"
end
aliases = {CMD = "SUPER", WIN = "SUPER", OPT = "ALT", META = "ALT"}
local builtInKey = "built_in_keys"
function ____exports.isTaken(keys, name)
    for ____, ____value in ipairs(keys) do
        local key = ____value.key
        local mods = ____value.mods
        if type(key) == "string" and ____exports.keyName(key, mods) == name then
            return true
        end
    end
    return false
end
function ____exports.isBuiltIn(config, name)
    if config.disable_default_key_bindings == true then
        return false
    end
    local known = rememberedText(builtInKey)
    if known == nil then
        known = builtInKeys()
        if known ~= nil then
            remember(builtInKey, known)
        end
    end
    return known ~= nil and (string.find(known, ("\n" .. name) .. "\n", 1, true)) ~= nil
end
return ____exports
 end,
["plugin.keys"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__ArraySome = ____lualib.__TS__ArraySome
local ____exports = {}
local addOpener, addTable, modsOf, withCase, tableName
local wezterm = require("wezterm")
local ____commands = require("plugin.commands")
local commandEvent = ____commands.commandEvent
local commands = ____commands.commands
local ____key_2Dconflicts = require("plugin.key-conflicts")
local isBuiltIn = ____key_2Dconflicts.isBuiltIn
local isTaken = ____key_2Dconflicts.isTaken
local keyName = ____key_2Dconflicts.keyName
local ____log = require("plugin.log")
local warnOnce = ____log.warnOnce
function addOpener(config, ____bindingPattern0, timeoutS)
    local mods
    local key
    key = ____bindingPattern0.key
    mods = ____bindingPattern0.mods
    local name = keyName(key, mods)
    local keys = config.keys or ({})
    if isTaken(keys, name) then
        warnOnce(("the key " .. name) .. " is yours already: octo leaves it alone; choose another with the option key, or bind actions.keys yourself")
        return
    end
    if isBuiltIn(config, name) then
        warnOnce(("the key " .. name) .. " is one of WezTerm's own: octo leaves it alone; choose another with the option key, or bind actions.keys")
        return
    end
    if config.leader ~= nil and keyName(config.leader.key, config.leader.mods) == name then
        warnOnce(("the key " .. name) .. " is your leader: octo leaves it alone; choose another with the option key, or bind actions.keys")
        return
    end
    if (string.find(name, "LEADER", 1, true)) ~= nil and config.leader == nil then
        warnOnce(("the key " .. name) .. " never fires: config.leader is not set")
    end
    keys[#keys + 1] = {
        key = key,
        mods = mods,
        action = ____exports.openTable(timeoutS)
    }
    config.keys = keys
end
function ____exports.openTable(timeoutS)
    return wezterm.action.ActivateKeyTable({
        name = tableName,
        one_shot = true,
        timeout_milliseconds = math.floor(timeoutS * 1000)
    })
end
function addTable(config, options)
    local tables = config.key_tables or ({})
    local own = tables[tableName] or ({})
    for ____, ____value in ipairs(commands) do
        local name = ____value.name
        local key = ____value.key
        do
            local ____options_keys_name_0 = options.keys[name]
            if ____options_keys_name_0 == nil then
                ____options_keys_name_0 = key
            end
            local chosen = ____options_keys_name_0
            if chosen == nil or chosen == false then
                goto __continue14
            end
            for ____, mods in ipairs(modsOf(chosen)) do
                if isTaken(
                    own,
                    keyName(chosen, mods)
                ) then
                    warnOnce(((((("the key " .. chosen) .. " of the key table ") .. tableName) .. " is yours: ") .. name) .. " has no key")
                else
                    own[#own + 1] = {
                        key = withCase(chosen),
                        mods = mods,
                        action = wezterm.action.EmitEvent(commandEvent(name))
                    }
                end
            end
        end
        ::__continue14::
    end
    if not isTaken(
        own,
        keyName("Escape", "NONE")
    ) then
        own[#own + 1] = {key = "Escape", mods = "NONE", action = wezterm.action.Nop}
    end
    tables[tableName] = own
    config.key_tables = tables
end
function modsOf(key)
    return (string.find(key, "^%p$")) == nil and ({"NONE"}) or ({"NONE", "SHIFT"})
end
function withCase(key)
    return (string.find(key, "^%u$")) == nil and key or "mapped:" .. key
end
tableName = "octo"
function ____exports.addKeys(config, options)
    for name in pairs(options.keys) do
        if not __TS__ArraySome(
            commands,
            function(____, command) return command.name == name end
        ) then
            warnOnce("option keys: there is no command " .. name)
        end
    end
    addTable(config, options)
    if options.key ~= false then
        addOpener(config, options.key, options.keyTimeoutS)
    end
end
return ____exports
 end,
["plugin.link.link-state"] = function(...) 
local ____exports = {}
local ____memory = require("plugin.memory")
local remember = ____memory.remember
local rememberedNumber = ____memory.rememberedNumber
local generationKey = "link_generation"
function ____exports.takeLink()
    local generation = rememberedNumber(generationKey) + 1
    remember(generationKey, generation)
    return generation
end
function ____exports.hasLink(generation)
    return rememberedNumber(generationKey) == generation
end
return ____exports
 end,
["plugin.link.socket"] = function(...) 
local ____exports = {}
local wezterm = require("wezterm")
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local ____folders = require("plugin.folders")
local parentOf = ____folders.parentOf
local noEntry = 2
local noAccess = 13
function ____exports.socketState(path)
    local file, ____, code = io.open(path, "r")
    if file ~= nil then
        file:close()
        return "there"
    end
    if code == noEntry then
        return "absent"
    end
    return code == noAccess and "foreign" or "there"
end
function ____exports.isOwn(path)
    local asked = attempt(function()
        local own = wezterm.run_child_process({
            "/bin/sh",
            "-c",
            "test -O \"$1\" && test -O \"$2\"",
            "sh",
            path,
            parentOf(path)
        })
        return own
    end)
    return asked.ok and asked.value
end
return ____exports
 end,
["plugin.link.follow"] = function(...) 
local ____exports = {}
local step, take, takeAnswer, away, startSoon, silent, mismatch, broken, lost, pauseAfter, change, pollWaitMs, pollGraceS, lookPauseMs, tryPausesMs, brokenPauseMs, stopping, starting
local wezterm = require("wezterm")
local ____protocol = require("shared.protocol")
local routes = ____protocol.routes
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local ____domains_2Dto_2Dcome = require("plugin.domains-to-come")
local tellOfDomainsToCome = ____domains_2Dto_2Dcome.tellOfDomainsToCome
local ____log = require("plugin.log")
local logWarning = ____log.logWarning
local warnOnce = ____log.warnOnce
local ____news = require("plugin.news")
local takeNews = ____news.takeNews
local ____read = require("plugin.read")
local tableAt = ____read.tableAt
local textAt = ____read.textAt
local ____setup = require("plugin.setup")
local setup = ____setup.setup
local ____snapshot = require("plugin.snapshot")
local readSnapshot = ____snapshot.readSnapshot
local ____state = require("plugin.state")
local latestSnapshot = ____state.latestSnapshot
local link = ____state.link
local recallSnapshot = ____state.recallSnapshot
local rememberSnapshot = ____state.rememberSnapshot
local setLink = ____state.setLink
local ____draw = require("plugin.status.draw")
local drawStatus = ____draw.drawStatus
local ____curl = require("plugin.link.curl")
local request = ____curl.request
local ____link_2Dstate = require("plugin.link.link-state")
local hasLink = ____link_2Dstate.hasLink
local takeLink = ____link_2Dstate.takeLink
local ____programs_2Dused = require("plugin.link.programs-used")
local curlProgram = ____programs_2Dused.curlProgram
local ____register = require("plugin.link.register")
local registerGui = ____register.registerGui
local ____socket = require("plugin.link.socket")
local isOwn = ____socket.isOwn
local socketState = ____socket.socketState
local ____start_2Dbridge = require("plugin.link.start-bridge")
local bridgeWasMet = ____start_2Dbridge.bridgeWasMet
local mayStartBridge = ____start_2Dbridge.mayStartBridge
local startBridge = ____start_2Dbridge.startBridge
function step(follower, generation)
    local ____setup_result_0 = setup()
    local folders = ____setup_result_0.folders
    local guiId = ____setup_result_0.guiId
    local curl = curlProgram()
    if folders.trouble ~= nil then
        return broken(folders.trouble)
    end
    if curl == nil then
        return broken("curl is missing: install it, or set the option curl to its path")
    end
    local socket = socketState(folders.socketFile)
    if socket == "foreign" then
        return broken(folders.socketFile .. " belongs to another user: set XDG_RUNTIME_DIR to a folder of your own")
    end
    if socket == "absent" then
        return away(follower, "not running")
    end
    if not follower.owned and not isOwn(folders.socketFile) then
        if socketState(folders.socketFile) == "absent" then
            return away(follower, "not running")
        end
        return broken(folders.socketFile .. " belongs to another user: set XDG_RUNTIME_DIR to a folder of your own")
    end
    follower.owned = true
    local since = follower.since == nil and "" or "&since=" .. string.format("%d", follower.since)
    local path = ((((routes.poll .. "?gui=") .. tostring(guiId)) .. "&waitMs=") .. tostring(pollWaitMs)) .. since
    local answer = request({curl = curl, socketFile = folders.socketFile, path = path, timeoutS = pollWaitMs / 1000 + pollGraceS})
    if not hasLink(generation) then
        return 0
    end
    return take(follower, answer)
end
function take(follower, answer)
    repeat
        local ____switch16 = answer.kind
        local ____cond16 = ____switch16 == "nobody"
        if ____cond16 then
            return away(follower, "not running")
        end
        ____cond16 = ____cond16 or ____switch16 == "no-curl"
        if ____cond16 then
            return broken(answer.reason)
        end
        ____cond16 = ____cond16 or ____switch16 == "failed"
        if ____cond16 then
            return silent(follower, answer.reason)
        end
        ____cond16 = ____cond16 or ____switch16 == "answer"
        if ____cond16 then
            return takeAnswer(follower, answer.body, answer.text)
        end
    until true
end
function takeAnswer(follower, body, text)
    local read = readSnapshot(body)
    if read.kind == "mismatch" then
        return mismatch(follower, read.older)
    end
    if read.kind == "unknown" then
        local code = textAt(
            tableAt(body, "error"),
            "code"
        )
        if code == "BRIDGE_STOPPING" then
            return away(follower, stopping)
        end
        return (code == "REQUEST_INVALID" or code == "METHOD_UNKNOWN") and mismatch(follower, "bridge") or silent(follower, "an unknown answer")
    end
    local snapshot = read.snapshot
    local before = latestSnapshot()
    local wasUp = link().kind == "up"
    follower.since = snapshot.revision
    follower.failures = 0
    bridgeWasMet()
    rememberSnapshot(text)
    change({
        kind = "up",
        snapshot = snapshot,
        heardAtS = os.time()
    })
    takeNews(before, snapshot, wasUp)
    if (before and before.counts.hosts) ~= snapshot.counts.hosts then
        tellOfDomainsToCome()
    end
    local bridge = (tostring(snapshot.bridge.pid) .. " ") .. tostring(snapshot.bridge.startedAtEpochMs)
    if follower.registeredAt ~= bridge then
        follower.registeredAt = bridge
        registerGui()
    end
    return 0
end
function away(follower, reason)
    lost(follower)
    if mayStartBridge() then
        startSoon()
    end
    local known = link()
    if known.kind ~= "down" or known.reason == stopping and reason ~= stopping then
        change({kind = "down", reason = reason})
    end
    if known.kind == "up" or known.kind == "silent" then
        takeNews(nil, nil, true)
    end
    return socketState(setup().folders.socketFile) == "absent" and lookPauseMs or pauseAfter(follower)
end
function startSoon()
    if starting then
        return
    end
    starting = true
    change({kind = "down", reason = "starting"})
    wezterm.time.call_after(
        0,
        function()
            local started = startBridge("auto")
            local known = link()
            if known.kind == "down" and known.reason == "starting" then
                change({kind = "down", reason = started.ok and "not running" or started.reason})
            end
        end
    )
end
function silent(follower, reason)
    local failures = follower.failures
    lost(follower)
    if failures > 0 then
        if link().kind ~= "silent" then
            logWarning("the bridge gives no answer: " .. reason)
        end
        change({
            kind = "silent",
            snapshot = latestSnapshot(),
            reason = reason
        })
    end
    return pauseAfter(follower)
end
function mismatch(follower, older)
    lost(follower)
    if link().kind ~= "mismatch" then
        local advice = older == "bridge" and "update octo, then `octo down` and `octo up`" or "update this plugin (wezterm.plugin.update_all())"
        logWarning((("the " .. older) .. " is older than the other side: ") .. advice)
    end
    change({kind = "mismatch", older = older})
    return brokenPauseMs
end
function broken(reason)
    warnOnce(reason)
    local known = link()
    if known.kind ~= "broken" or known.reason ~= reason then
        change({kind = "broken", reason = reason})
    end
    return brokenPauseMs
end
function lost(follower)
    follower.since = nil
    follower.owned = false
    follower.failures = follower.failures + 1
end
function pauseAfter(____bindingPattern0)
    local failures
    failures = ____bindingPattern0.failures
    return tryPausesMs[math.min(failures, #tryPausesMs)] or brokenPauseMs
end
function change(next)
    setLink(next)
    drawStatus()
end
pollWaitMs = 20000
pollGraceS = 5
lookPauseMs = 250
tryPausesMs = {
    100,
    200,
    500,
    1000,
    2000
}
brokenPauseMs = 5000
stopping = "stopping"
starting = false
function ____exports.followBridge()
    local generation = takeLink()
    local follower = {since = nil, failures = 0, registeredAt = nil, owned = false}
    recallSnapshot()
    while hasLink(generation) do
        local stepped = attempt(function() return step(follower, generation) end)
        if not stepped.ok then
            logWarning("a fault in the link: " .. stepped.message)
        end
        local pauseMs = stepped.ok and stepped.value or brokenPauseMs
        if pauseMs > 0 then
            wezterm.sleep_ms(pauseMs)
        end
    end
end
return ____exports
 end,
["plugin.palette"] = function(...) 
local ____lualib = require("lualib_bundle")
local __TS__ArrayMap = ____lualib.__TS__ArrayMap
local ____exports = {}
local wezterm = require("wezterm")
local ____commands = require("plugin.commands")
local commandEvent = ____commands.commandEvent
local commands = ____commands.commands
function ____exports.paletteEntries()
    return __TS__ArrayMap(
        commands,
        function(____, ____bindingPattern0)
            local icon
            local brief
            local name
            name = ____bindingPattern0.name
            brief = ____bindingPattern0.brief
            icon = ____bindingPattern0.icon
            return {
                brief = "OpenCode: " .. brief,
                icon = icon,
                action = wezterm.action.EmitEvent(commandEvent(name))
            }
        end
    )
end
return ____exports
 end,
["plugin.init"] = function(...) 
local ____exports = {}
local apply, begin, actionsOf, secondOf, begun
local wezterm = require("wezterm")
local ____attempt = require("plugin.attempt")
local attempt = ____attempt.attempt
local ____commands = require("plugin.commands")
local commandEvent = ____commands.commandEvent
local commands = ____commands.commands
local ____domains = require("plugin.domains")
local addDomains = ____domains.addDomains
local ____handlers = require("plugin.handlers")
local addHandlers = ____handlers.addHandlers
local ____keys = require("plugin.keys")
local addKeys = ____keys.addKeys
local openTable = ____keys.openTable
local ____follow = require("plugin.link.follow")
local followBridge = ____follow.followBridge
local ____log = require("plugin.log")
local logWarning = ____log.logWarning
local warnOnce = ____log.warnOnce
local ____palette = require("plugin.palette")
local paletteEntries = ____palette.paletteEntries
local ____setup = require("plugin.setup")
local isSetUp = ____setup.isSetUp
local setHome = ____setup.setHome
local setUp = ____setup.setUp
local setup = ____setup.setup
local ____state = require("plugin.state")
local latestSnapshot = ____state.latestSnapshot
local recallSnapshot = ____state.recallSnapshot
local ____draw = require("plugin.status.draw")
local drawStatusOf = ____draw.drawStatusOf
local ____line = require("plugin.status.line")
local partsOf = ____line.partsOf
local statusLine = ____line.statusLine
function apply(config, given)
    local ____setUp_result_0 = setUp(given)
    local options = ____setUp_result_0.options
    ____exports.actions.keys = openTable(options.keyTimeoutS)
    local keys = attempt(function() return addKeys(config, options) end)
    if not keys.ok then
        warnOnce("the keys could not be added: " .. keys.message)
    end
    local domains = attempt(function() return options.domains and addDomains(config) end)
    if not domains.ok then
        warnOnce("the domains could not be added: " .. domains.message)
    end
    addHandlers(begin)
    wezterm.on(
        "update-status",
        function(window)
            local drawn = attempt(function()
                begin()
                drawStatusOf(window)
            end)
            if not drawn.ok then
                logWarning("the status could not be drawn: " .. drawn.message)
            end
        end
    )
    wezterm.on(
        "window-config-reloaded",
        function()
            attempt(begin)
        end
    )
end
function begin()
    if begun or wezterm.gui == nil then
        return
    end
    begun = true
    recallSnapshot()
    if setup().options.palette then
        wezterm.on("augment-command-palette", paletteEntries)
    end
    wezterm.time.call_after(
        0,
        function()
            local followed = attempt(followBridge)
            if not followed.ok then
                logWarning("the link ended: " .. followed.message)
            end
        end
    )
end
function actionsOf()
    local all = {keys = openTable(5)}
    for ____, ____value in ipairs(commands) do
        local name = ____value.name
        all[name] = wezterm.action.EmitEvent(commandEvent(name))
    end
    return all
end
function secondOf(...)
    local given = {...}
    local ____, file = table.unpack(given, 1, 2)
    return type(file) == "string" and file or nil
end
setHome(secondOf(...))
begun = false
function ____exports.apply_to_config(config, options)
    if isSetUp() then
        return warnOnce("apply_to_config was called twice: the first call counts")
    end
    local applied = attempt(function() return apply(config, options) end)
    if not applied.ok then
        warnOnce("it could not be set up: " .. applied.message)
    end
end
function ____exports.status_text()
    local line = attempt(statusLine)
    return line.ok and line.value or ""
end
function ____exports.segments()
    local snapshot = latestSnapshot()
    if snapshot == nil then
        return {}
    end
    local shown = attempt(function() return partsOf(snapshot) end)
    return shown.ok and shown.value or ({})
end
function ____exports.snapshot()
    return latestSnapshot()
end
function ____exports.palette_entries()
    return paletteEntries()
end
____exports.actions = actionsOf()
return ____exports
 end,
}
local ____entry = require("plugin.init", ...)
return ____entry
