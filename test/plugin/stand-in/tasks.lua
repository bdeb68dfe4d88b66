-- mlua's coroutines as WezTerm runs them: an asynchronous function yields PENDING until it is done, to whoever resumed it.
local tasks = {}

local PENDING = setmetatable({}, { __name = "mlua.pending" })
local jobs = {}
local lastJob = 0
local soon = {}
-- The task whose coroutine runs now, and the job it asked for last.
local current

--- Lines to the driver; set by main.lua.
tasks.send = nil

--- Runs `callback` when the running handler has given way.
function tasks.soon(callback)
  soon[#soon + 1] = callback
end

local function step(task)
  local before = current
  current = task
  local ok, result = coroutine.resume(task.thread)
  current = before
  if not ok then
    task.finish(false, result)
  elseif coroutine.status(task.thread) == "dead" then
    task.finish(true, result)
  elseif result ~= PENDING then
    -- mlua polls again at once what yields something else: a busy loop on the GUI thread.
    error("the GUI hangs: a handler yielded something of its own")
  end
end

--- Runs `body` as a handler of its own; `finish(ok, result)` when it has ended.
function tasks.spawn(body, finish)
  local task = { thread = coroutine.create(body), finish = finish or function() end }
  step(task)
end

--- Runs `body` to its end and nothing else meanwhile, as the configuration is evaluated.
function tasks.block(body, readMessage)
  local ended, ok, result = false, nil, nil
  tasks.spawn(body, function(done, value)
    ended, ok, result = true, done, value
  end)
  while not ended do
    if #soon > 0 then table.remove(soon, 1)() else readMessage() end
  end
  if not ok then error(result, 0) end
  return result
end

--- An asynchronous function: `start(finish, ...)` begins it; `finish(ok, ...)` ends it.
function tasks.async(start)
  return function(...)
    local job = { done = false }
    start(function(ok, ...)
      job.done, job.ok, job.results = true, ok, table.pack(...)
      if job.waiter then
        local waiter = job.waiter
        tasks.soon(function() step(waiter) end)
      end
    end, ...)
    while not job.done do
      job.waiter = current
      -- Outside of a coroutine, and across a call of C, this raises what WezTerm raises.
      coroutine.yield(PENDING)
    end
    if not job.ok then error(job.results[1], 0) end
    return table.unpack(job.results, 1, job.results.n)
  end
end

--- Something that the driver does: it answers with `done(job, …)`.
function tasks.outside(message, finish)
  lastJob = lastJob + 1
  jobs[lastJob] = finish
  message.job = lastJob
  tasks.send(message)
end

function tasks.done(job, ok, ...)
  local finish = jobs[job]
  jobs[job] = nil
  if finish then finish(ok, ...) end
end

function tasks.runSoon()
  while #soon > 0 do table.remove(soon, 1)() end
end

return tasks
