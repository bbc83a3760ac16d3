-- SPDX-License-Identifier: MIT OR GPL-2.0-only
collectgarbage('generational') local u={} for i=1,2500 do u[i]={} end while true do collectgarbage('step') end
