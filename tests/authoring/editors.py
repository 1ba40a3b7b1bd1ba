"""What programs write into notebooks that they save, as their own notebooks on the web show it: metadata alone.

For each program: the format, whether cells have ids, the notebook's metadata, what every cell gets, what code cells
get, what outputs get, and what the program does besides.
"""

SOMEBODY = {"displayName": "A. Author", "userId": "00000000000000000000"}
TIMES = {
    "iopub.execute_input": "2024-03-01T09:30:00.123456Z",
    "iopub.status.busy": "2024-03-01T09:30:00.123111Z",
    "iopub.status.idle": "2024-03-01T09:30:01.456789Z",
    "shell.execute_reply": "2024-03-01T09:30:01.456123Z",
}
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": "3.11.9",
}
PYTHON = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}

EDITORS = {
    "Colab": {
        "minor": 0,
        "ids": False,
        "notebook": {
            "accelerator": "GPU",
            "colab": {"provenance": [], "toc_visible": True, "gpuType": "T4", "authorship_tag": "ABX9TyM"},
            "kernelspec": {"display_name": "Python 3", "name": "python3"},
            "language_info": {"name": "python"},
            "widgets": {"application/vnd.jupyter.widget-state+json": {"0a1b": {"model_name": "HBoxModel"}}},
        },
        "cell": {"id": "b7YtR0sWq1Ne"},
        "code": {
            "colab": {"base_uri": "https://localhost:8080/", "height": 34},
            "outputId": "c0ffee00-0000-4000-8000-000000000000",
            "cellView": "both",
            "executionInfo": {"elapsed": 312, "status": "ok", "timestamp": 1709285400000, "user": SOMEBODY},
        },
    },
    "Colab of 2019": {
        "minor": 0,
        "ids": False,
        "notebook": {
            "colab": {"name": "lesson.ipynb", "version": "0.3.2", "collapsed_sections": ["Xy"], "views": {}},
            "kernelspec": {"display_name": "Python 3", "name": "python3"},
        },
        "cell": {"colab_type": "text", "id": "view-in-github"},
        "code": {"colab": {"autoexec": {"startup": False, "wait_interval": 0}}, "colab_type": "code"},
        "output": {"tags": [], "needs_background": "light"},
    },
    "Colab on a notebook with ids": {
        "minor": 5,
        "ids": True,
        "notebook": {"colab": {"provenance": []}, "kernelspec": PYTHON, "language_info": {"name": "python"}},
        "cell": {"id": "the-same-as-the-cells"},
        "code": {"outputId": "out-1", "colab": {"base_uri": "https://localhost:8080/"}},
    },
    "Kaggle": {
        "minor": 4,
        "ids": False,
        "notebook": {
            "kaggle": {
                "accelerator": "none",
                "dataSources": [{"sourceId": 2243, "sourceType": "datasetVersion"}],
                "dockerImageVersionId": 30664,
                "isInternetEnabled": True,
                "language": "python",
                "sourceType": "notebook",
            },
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": LANGUAGE,
        },
        "cell": {
            "_uuid": "8f2839f25d086af736a60e9eeb907d3b93b6e0e5",
            "_cell_guid": "b1076dfc-b9ad-4769-8c92",
        },
        "code": {
            "_kg_hide-input": True,
            "_kg_hide-output": False,
            "execution": {**TIMES, "shell.execute_reply.started": "2024-03-01T09:30:00.123083Z"},
            "trusted": True,
            "jupyter": {"outputs_hidden": False, "source_hidden": True},
        },
    },
    "VS Code": {
        "minor": 2,
        "ids": False,
        "notebook": {
            "kernelspec": {"display_name": ".venv (3.12.4)", "language": "python", "name": "python3"},
            "language_info": LANGUAGE,
            "orig_nbformat": 4,
            "vscode": {
                "interpreter": {"hash": "31f2aee4e71d21fbe5cf8b01ff0e069b9275f58929596ceb00d14d90e3e16cd6"}
            },
        },
        "cell": {},
        "code": {"vscode": {"languageId": "python"}, "notebookRunGroups": {"groupValue": "2"}},
    },
    "JupyterLab 4": {
        "minor": 5,
        "ids": True,
        "notebook": {
            "kernelspec": PYTHON,
            "language_info": LANGUAGE,
            "toc-autonumbering": False,
            "toc-showmarkdowntxt": False,
            "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {}, "version_major": 2}},
        },
        "cell": {"editable": True, "slideshow": {"slide_type": ""}, "tags": []},
        "code": {
            "collapsed": True,
            "execution": TIMES,
            "jupyter": {"outputs_hidden": False, "source_hidden": True},
            "scrolled": True,
        },
        "output": {"jupyter": {"source_hidden": True}, "needs_background": "light"},
        "empty cell": True,
    },
    "JupyterLab with a collapsed heading": {
        "minor": 5,
        "ids": True,
        "notebook": {"kernelspec": PYTHON, "language_info": LANGUAGE, "toc": {"base_numbering": 1}},
        "cell": {"jp-MarkdownHeadingCollapsed": True, "heading_collapsed": True, "hidden": True},
        "code": {"ExecuteTime": {"end_time": "2024-03-01T09:30:01", "start_time": "2024-03-01T09:30:00"}},
    },
    "papermill": {
        "minor": 4,
        "ids": False,
        "notebook": {
            "kernelspec": PYTHON,
            "papermill": {
                "duration": 3.1,
                "environment_variables": {},
                "exception": None,
                "version": "2.4.0",
            },
        },
        "cell": {"papermill": {"duration": 0.01, "exception": False, "status": "completed"}, "tags": []},
        "code": {"execution": TIMES},
    },
    "Deepnote": {
        "minor": 2,
        "ids": False,
        "notebook": {"deepnote": {}, "deepnote_notebook_id": "0a1b", "orig_nbformat": 2},
        "cell": {"cell_id": "00000-0a1b", "deepnote_cell_type": "code", "deepnote_cell_height": 81},
        "code": {"deepnote_to_be_reexecuted": False, "source_hash": "b623e53d", "execution_millis": 3},
    },
    "PyCharm": {
        "minor": 0,
        "ids": False,
        "notebook": {"kernelspec": PYTHON, "language_info": {**LANGUAGE, "pygments_lexer": "ipython2"}},
        "cell": {"collapsed": False, "pycharm": {"name": "#%%\n", "is_executing": False}},
        "code": {"ExecuteTime": {"end_time": "2024-03-01T09:30:01.4Z"}},
    },
}
