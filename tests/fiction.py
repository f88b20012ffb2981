"""A short story of our own that tests are made of."""

STORY = """
The old lighthouse on Cormorant Rock went dark on Tuesday night for the first time in ninety
years, after the lamp that had guided herring boats past the shoals burned out.

Keeper Odran Vell climbed the hundred and eleven steps with a storm lantern and swung it by hand
until dawn, while his daughter counted the boats home from the kitchen window.

By morning all fourteen vessels had tied up safely in Pellan harbour, and their crews walked to
the foot of the rock with bread, smoked eel and a barrel of cider for the keeper.

The harbour board said a new lamp had been ordered from the mainland and would arrive within the
week, weather permitting, together with a spare that it ought to have bought long ago.
"""
