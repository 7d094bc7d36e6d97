"""Handouts: stored notebooks as pages for paper (PDF) and as one offline page (HTML). No engine, no network.

chapter    a notebook as plain data; `prose` its words, `outputs` what it had shown, `asking` what it asks
edition    for the reader, the student, the teacher: plain data to plain data; `minutes`
notes      a teacher's remarks, from `teaching/`; `workshop`, the pages before a teacher's book
links      where links lead in one file
paper      plain data to PDF, by Typst and template/book.typ; `rowheads`, what a screen reader is told besides
screen     plain data to HTML, by template/screen.html.j2 and screen.css
making     which files are written
phrases    the words that handouts have besides the book's own
"""
