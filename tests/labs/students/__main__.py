"""Grade a lab's class in one run and print what each student deserved and was given."""

from tests.labs.students.grade import main

if __name__ == "__main__":
    main()
