-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Resumes itself.
return function(own) return pcall(own.resume, own) end
