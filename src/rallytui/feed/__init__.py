"""The feed: what is asked of whom, when, and what becomes of the answers.

`wants` says which names a thesis needs and `schedule` when each kind can have changed; `agenda` joins both with what
is known to "due now" and "due next". `asking` goes down the chain of providers, `health` knows how they do,
`crosscheck` whether two of them agree. `ledger` keeps tape and store in step. `feed` goes round after round with all
of these, `pace` sleeps between the rounds, `ondemand` does what a person asks for, `follow` reads what another
process fetched.
"""
