# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentence and the remedy for every error of the resource book and of its files.

No text of an article stands in them.
"""

from collections.abc import Mapping

from kfdesk.domain.message_marks import N_
from kfdesk.i18n.message import Message

_NOT_SAVED = N_("Nothing was saved. Divide the text between two articles.")
_ASK_AGAIN = N_("This file was left out. Correct it, or ask for it again.")
_OPEN_BOOK = N_("Open the book, choose the paragraphs that are right, then try again.")

BOOK_MESSAGES: Mapping[str, Message] = {
    "book.too_long": Message(N_("This text is longer than {most} kilobytes."), _NOT_SAVED),
    "book.too_many_headings": Message(N_("This text has more than {most} headings."), _NOT_SAVED),
    "book.wide_table": Message(
        N_("A table in this text has a single column, or more than {most}."),
        N_("Nothing was saved. Make two tables of it, or a list."),
    ),
    "book.too_deep": Message(
        N_("Lists or quotations in this text are nested more than {most} levels deep."),
        N_("Nothing was saved. Move the innermost ones out."),
    ),
    "book.bad_slug": Message(
        N_("A name in links has only small letters a to z, digits and hyphens."),
        N_("Nothing was saved. Write it like this: the-first-talk."),
    ),
    "book.ring": Message(
        N_("The article would be a part of itself."),
        N_("Nothing was saved. Choose another article."),
    ),
    "book.language_taken": Message(
        N_("The article has a text in this language already."),
        N_("Open that text and change it."),
    ),
    "book.no_original": Message(
        N_("This text is the original, so it is translated from nothing."),
        N_("Choose another language of the article."),
    ),
    "book.undecided": Message(
        N_("A text of the book has two versions, and no one has decided which is right."),
        _OPEN_BOOK,
    ),
    "book.empty": Message(N_("The article has no text yet."), N_("Write it first, then adopt it.")),
    "book.same_article": Message(
        N_("An article cannot be joined with itself."), N_("Choose two articles.")
    ),
    "book.not_all_adopted": Message(
        N_("The edition cannot be made yet. Articles that are not adopted as they stand: {count}."),
        N_("Adopt them in the book, or make the edition in another language."),
    ),
    "book.stays": Message(
        N_("Some articles are for this organisation alone, so the book is not saved as a file."),
        N_("Each article shows who may see it. Change that, or retire the article."),
    ),
    "book.nothing": Message(
        N_("There is no article to put into the book."),
        N_("Write one, add the articles that come with the program, or choose another language."),
    ),
    "book.folder_taken": Message(
        N_("This folder has files in it already."),
        N_("Nothing was saved. Choose an empty folder, or a new one."),
    ),
    "book.not_readable": Message(
        N_("This folder cannot be read."),
        N_("Check that the USB stick is plugged in, and choose the folder again."),
    ),
    "book.no_articles": Message(
        N_("There is no article in this folder."),
        N_("An article is a file whose name ends in .md. Choose the folder that has them."),
    ),
    "book.too_many_files": Message(
        N_("This folder has more than {most} files that could be articles."),
        N_("Nothing was imported. Divide them between several folders."),
    ),
    "book.file_too_large": Message(
        N_("This file is larger than {most} kilobytes, and was not read."), _ASK_AGAIN
    ),
    "book.not_an_article": Message(
        N_("This file is not an article of the book: it does not begin with what it is about."),
        _ASK_AGAIN,
    ),
    "book.file_torn": Message(
        N_("The file is not as expected at this place: {place}."), _ASK_AGAIN
    ),
    "book.file_lies": Message(
        N_("The name of the file and what it says of itself do not match."),
        N_("This file was left out. Name it like this: the-first-talk.en.md."),
    ),
    "book.unknown_language": Message(
        N_("The program does not know the language of this file."), _ASK_AGAIN
    ),
    "book.one_source": Message(
        N_("An import takes one folder, or the articles that come with the program."),
        N_("Nothing was imported. Name one of them."),
    ),
    "paper.book_not_public": Message(
        N_("This article is not public, so it is not printed for others."),
        N_("Its form shows who may see it."),
    ),
    "paper.book_for_clients": Message(
        N_("Clients are among the readers of this article, or no one has said who reads it."),
        N_(
            "Print it as a card for clients, which is checked for names and words, or change "
            "whom it is for."
        ),
    ),
    "paper.book_not_adopted": Message(
        N_("This text is not adopted as it stands, so it is not printed for others."),
        N_("Read it in the book and adopt it, then print it."),
    ),
    "paper.book_no_text": Message(
        N_("The article has no text in this language."),
        N_("Choose another language, or write the text in the book."),
    ),
    "paper.book_too_long": Message(
        N_("The text is too long for this paper."),
        N_("Shorten it in the book, or print it as a part of the book."),
    ),
    "paper.book_left_out": Message(
        N_("Articles left out, as they have no text in this language: {count}."),
        N_("To print them in another language, choose one."),
    ),
    "paper.book_other_language": Message(
        N_("Articles in another language, as they lack this one: {count}."),
        N_("The page says so above each of them."),
    ),
    "paper.book_drafts": Message(
        N_("Articles that are drafts, as no one has adopted them: {count}."),
        N_("The page says so above each of them."),
    ),
}
