"""A reason on the person's side why the course cannot be made, in one line."""

import click


class CourseError(click.ClickException):
    """Ends the command with one line, `course: …`, and exit code 1."""

    def show(self, file=None):
        """Print the line."""
        click.echo(f"course: {self.format_message()}", err=True, file=file)
