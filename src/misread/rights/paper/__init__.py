"""Papers that people send, sign or hand out: one small model, written as Markdown, DOCX or PDF."""
