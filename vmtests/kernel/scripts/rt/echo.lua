-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Resumes who resumes it.
return function(caller)
  local ok, message = pcall(caller.resume, caller)
  local stopped, why = pcall(caller.stop, caller)
  return ok, message, stopped, why
end
