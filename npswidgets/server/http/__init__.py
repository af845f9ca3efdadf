"""Who asks: connections and whose turn it is, the browser's cookie and grants, and codes that are tried out."""
