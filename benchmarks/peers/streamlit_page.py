"""The page that is compared, in Streamlit."""

import streamlit as st

LEVELS = ("1 Minimum", "2 Baseline", "3 Mature", "4 Leader", "5 Innovator")


@st.cache_resource
def votes() -> list[str]:
    """The votes of everybody."""
    return []


st.title("Engaging Councillors")
level = st.radio("Your vote", LEVELS)
if st.button("Vote"):
    votes().append(level)
    st.text(f"Your vote: {level}. Votes: {len(votes())}")
else:
    st.text("Connected")
