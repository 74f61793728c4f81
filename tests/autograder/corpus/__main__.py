"""Make the corpus, grade it in one run, and print what each submission deserved and was given."""

from tests.autograder.corpus.grade import main

if __name__ == "__main__":
    main()
