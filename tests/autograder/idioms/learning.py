"""scikit-learn."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.idioms.idiom import idiom

GROUP = "scikit-learn"

DATA = """
    import numpy as np
    rng = np.random.default_rng(0)
    X = np.r_[rng.normal(-2, 1, (40, 2)), rng.normal(2, 1, (40, 2))]
    y = np.r_[np.zeros(40, int), np.ones(40, int)]
"""
FIT = "from sklearn.linear_model import LogisticRegression\nmodel = LogisticRegression().fit(X, y)"

IDIOMS = [
    idiom(
        "fitted-model",
        "a fitted model: `score`, `predict`, `coef_`, `classes_`",
        FIT,
        """
        assert model.score(X, y) > 0.9
        assert model.predict([[5, 5], [-5, -5]]).tolist() == [1, 0]
        assert model.coef_.shape == (1, 2)
        assert hasattr(model, "classes_") and list(model.classes_) == [0, 1]
        """,
        [
            "from sklearn.linear_model import LogisticRegression as L\nmodel = L(C=10, max_iter=500)\nmodel.fit(X, y)"
        ],
        [
            "from sklearn.linear_model import LogisticRegression\nmodel = LogisticRegression().fit(X, 1 - y)",
            "from sklearn.linear_model import LogisticRegression\nmodel = LogisticRegression()",
        ],
        before=DATA,
    ),
    idiom(
        "model-type",
        "`isinstance(model, KNeighborsClassifier)`, `model.get_params()`",
        "from sklearn.neighbors import KNeighborsClassifier\nmodel = KNeighborsClassifier(n_neighbors=3).fit(X, y)",
        """
        from sklearn.neighbors import KNeighborsClassifier
        assert isinstance(model, KNeighborsClassifier)
        assert model.n_neighbors == 3
        assert model.get_params()["n_neighbors"] == 3
        assert type(model).__name__ == "KNeighborsClassifier"
        """,
        [
            "from sklearn import neighbors\nmodel = neighbors.KNeighborsClassifier(3, weights='distance')\nmodel.fit(X, y)"
        ],
        ["from sklearn.svm import SVC\nmodel = SVC().fit(X, y)"],
        before=DATA,
    ),
    idiom(
        "function-returns-model",
        "a function that fits a model and returns it",
        "from sklearn.linear_model import LinearRegression\ndef fit(x, y):\n    return LinearRegression().fit(x.reshape(-1, 1), y)",
        """
        import numpy as np
        x = np.arange(10.0)
        model = fit(x, 3 * x + 1)
        assert np.isclose(model.coef_[0], 3) and np.isclose(model.intercept_, 1)
        np.testing.assert_allclose(model.predict(np.array([[20.0]])), [61])
        """,
        [
            "from sklearn import linear_model\ndef fit(x, y):\n    m = linear_model.LinearRegression()\n    m.fit(x[:, None], y)\n    return m"
        ],
        [
            "from sklearn.linear_model import LinearRegression\ndef fit(x, y):\n    return LinearRegression(fit_intercept=False).fit(x.reshape(-1, 1), y)"
        ],
    ),
    idiom(
        "model-given",
        "the test's fitted model passed to the student's function",
        "def error_rate(model, x, y):\n    return (model.predict(x) != y).mean()",
        """
        from sklearn.tree import DecisionTreeClassifier
        tree = DecisionTreeClassifier(max_depth=1, random_state=0).fit(X, y)
        assert abs(error_rate(tree, X, y) - (1 - tree.score(X, y))) < 1e-12
        assert error_rate(tree, X, 1 - y) > 0.5
        """,
        ["def error_rate(model, x, y):\n    return 1 - model.score(x, y)"],
        ["def error_rate(model, x, y):\n    return model.score(x, y)"],
        before=DATA,
    ),
    idiom(
        "train-test-split",
        "a split: sizes, no overlap, the seed",
        "from sklearn.model_selection import train_test_split\nX_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=1)",
        """
        import numpy as np
        from sklearn.model_selection import train_test_split
        assert X_train.shape == (60, 2) and X_test.shape == (20, 2)
        assert len(y_train) == len(X_train)
        a, b, c, d = train_test_split(X, y, test_size=0.25, random_state=1)
        np.testing.assert_array_equal(X_train, a)
        np.testing.assert_array_equal(y_test, d)
        """,
        [
            "from sklearn import model_selection as ms\nX_train, X_test, y_train, y_test = ms.train_test_split(X, y, test_size=20, random_state=1)"
        ],
        ["X_train, X_test, y_train, y_test = X[:60], X[60:], y[:60], y[60:]"],
        before=DATA,
    ),
    idiom(
        "pipeline-steps",
        "a `Pipeline`: its steps and what it predicts",
        "from sklearn.pipeline import make_pipeline\nfrom sklearn.preprocessing import StandardScaler\nfrom sklearn.svm import SVC\npipe = make_pipeline(StandardScaler(), SVC()).fit(X, y)",
        """
        from sklearn.preprocessing import StandardScaler
        names = [type(step).__name__ for _, step in pipe.steps]
        assert names == ["StandardScaler", "SVC"]
        assert isinstance(pipe.steps[0][1], StandardScaler)
        assert isinstance(pipe[0], StandardScaler)
        assert (pipe.predict(X) == y).mean() > 0.9
        """,
        [
            "from sklearn.pipeline import Pipeline\nfrom sklearn.preprocessing import StandardScaler\nfrom sklearn.svm import SVC\npipe = Pipeline([('s', StandardScaler()), ('c', SVC(C=2))])\npipe.fit(X, y)"
        ],
        ["from sklearn.svm import SVC\npipe = SVC().fit(X, y)"],
        before=DATA,
    ),
    idiom(
        "own-estimator",
        "the student's own classifier with `fit` and `predict`, compared with scikit-learn's",
        """
        import numpy as np
        class Centroid:
            def fit(self, X, y):
                self.classes_ = np.unique(y)
                self.centres_ = np.array([X[y == c].mean(axis=0) for c in self.classes_])
                return self
            def predict(self, X):
                d = ((X[:, None] - self.centres_) ** 2).sum(axis=2)
                return self.classes_[d.argmin(axis=1)]
        """,
        """
        from sklearn.neighbors import NearestCentroid
        from sklearn.metrics import accuracy_score
        mine, theirs = Centroid().fit(X, y), NearestCentroid().fit(X, y)
        assert (mine.predict(X) == theirs.predict(X)).all()
        assert accuracy_score(y, mine.predict(X)) > 0.9
        assert mine.centres_.shape == (2, 2)
        """,
        [
            """
            from sklearn.base import BaseEstimator, ClassifierMixin
            import numpy as np
            class Centroid(ClassifierMixin, BaseEstimator):
                def fit(self, X, y):
                    self.centres_ = np.stack([X[y == k].mean(0) for k in (0, 1)])
                    return self
                def predict(self, X):
                    return np.array([np.linalg.norm(self.centres_ - x, axis=1).argmin() for x in X])
            """
        ],
        [
            "class Centroid:\n    centres_ = None\n    def fit(self, X, y):\n        return self\n    def predict(self, X):\n        return X[:, 0] * 0"
        ],
        before=DATA,
    ),
    idiom(
        "cross-validation",
        "the student's estimator given to `cross_val_score` or `clone`",
        """
        import numpy as np
        from sklearn.base import BaseEstimator, ClassifierMixin
        class Majority(ClassifierMixin, BaseEstimator):
            def fit(self, X, y):
                self.classes_, n = np.unique(y, return_counts=True)
                self.best_ = self.classes_[n.argmax()]
                return self
            def predict(self, X):
                return np.full(len(X), self.best_)
        """,
        """
        from sklearn.model_selection import cross_val_score
        scores = cross_val_score(Majority(), X, y, cv=4)
        assert len(scores) == 4 and abs(scores.mean() - 0.5) < 0.01
        """,
        [
            """
            import numpy as np
            from sklearn.base import BaseEstimator, ClassifierMixin
            class Majority(ClassifierMixin, BaseEstimator):
                def fit(self, X, y):
                    self.classes_ = np.array(sorted(set(y)))
                    self.b_ = max(self.classes_, key=list(y).count)
                    return self
                def predict(self, X):
                    return np.array([self.b_] * len(X))
            """
        ],
        [
            "class Majority:\n    def fit(self, X, y):\n        return self\n    def predict(self, X):\n        return [0]"
        ],
        before=DATA,
        instead="""
        import numpy as np
        from sklearn.model_selection import StratifiedKFold
        scores = []
        for train, held in StratifiedKFold(4).split(X, y):
            model = Majority().fit(X[train], y[train])
            scores.append(np.mean(np.asarray(model.predict(X[held])) == y[held]))
            assert len(model.predict(X[held])) == len(held)
        assert len(scores) == 4 and abs(np.mean(scores) - 0.5) < 0.01
        """,
    ),
]
