"""Pure rules of 预算绩效管理: what another county's system needs to reach the same result.

No Django, no Office, no clock: today is always an argument. Installs alone, without dependencies.
"""
