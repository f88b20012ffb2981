"""Strategies for texts of every script, hostile ones included."""

from hypothesis import strategies as st

SCRIPTS = (
    "aZ09ÀéßæﬁＡ①²İıſŉΣςάᾳ\u0345Йёשִׁعَـﷺ٣中文㍿豈ไทำກຳខ្មမြန한글\u1100\u1161\u11a8ガｶﾞーक्षि९"
    "\u0301\u0308\u0330\u20e3\u200b\u200d\u00ad\ufeff\ufe0f\U000e0101☕👩🏽𝐀𝟘𐐀𠀀"
    "\x00'’-_.,\"«» \t\r\n\v\f\x85\u2028\u2029"
)
characters = st.one_of(
    st.sampled_from(SCRIPTS),
    st.characters(exclude_categories=()),
    st.integers(0xD800, 0xDFFF).map(chr),
)
texts = st.text(characters, max_size=80)
