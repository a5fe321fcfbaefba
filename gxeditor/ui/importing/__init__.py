"""What an import read, shown before it replaces anything. `review.ImportReview` is the face."""
